/** What goes over the wire, and what comes back when there is nothing to show, or something failed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  executionId,
  missingId,
  type StubHost,
  sessionId,
  startStubHost,
  stubDetail,
  stubDocument,
  stubExecution,
  stubSession,
  stubTemplate,
  templateId,
} from '../../support/stub-host.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';
import { runInProcess } from './run-in-process.ts';

let host: StubHost;
let emptyHost: StubHost;

beforeAll(async () => {
  [host, emptyHost] = await Promise.all([startStubHost(), startStubHost({ isEmpty: true })]);
});
afterAll(() => Promise.all([host.close(), emptyHost.close()]));

const run = (words: readonly string[], stdin?: string | Uint8Array) =>
  runInProcess({ words, env: { VM_SYSTEM_URL: host.url }, ...(stdin === undefined ? {} : { stdin }) });

/** What a successful command printed, by lines. */
async function linesOf(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await run(words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').slice(0, -1);
}

describe('an empty list is a sentence', () => {
  const cases: [words: string[], line: string][] = [
    [['template', 'list'], 'No templates found'],
    [['template', 'list-startup', templateId], 'No startup files found'],
    [['template', 'list-capabilities', templateId], 'No capabilities found'],
    [['template', 'list-modules', templateId], 'No modules found'],
    [['template', 'list-libraries', templateId], 'No libraries found'],
    [['template', 'versions', templateId], 'No versions found'],
    [['template', 'diff', templateId, '1', '2'], 'No differences found'],
    [['session', 'list'], 'No sessions found'],
    [['exec', 'list', sessionId], 'No executions found'],
    [['exec', 'events', executionId], 'No events found'],
  ];
  it.for(cases)('%j', async ([words, line]) => {
    const empty = { VM_SYSTEM_URL: emptyHost.url };
    expect(await runInProcess({ words, env: empty })).toEqual({ code: 0, stdout: `${line}\n`, stderr: '' });
  });
});

describe('--json gives the raw object', () => {
  it.for([
    [['template', 'get', templateId], stubDetail],
    [['template', 'list'], [stubTemplate]],
    [['exec', 'get', executionId], stubExecution],
    [['session', 'close', sessionId], { ...stubSession, status: 'closed', closed_at: stubSession.created_at }],
    [['template', 'list-modules', templateId], ['fs']],
  ] as const)('%j', async ([words, raw]) => {
    expect(JSON.parse((await linesOf(...words, '--json')).join('\n'))).toEqual(raw);
  });
});

describe('what is sent', () => {
  /** The input of the last call of an operation, as it came over the wire. */
  const lastInput = (operation: string) => host.calls.findLast((call) => call.operation === operation)?.input;

  it('reads code from standard input for -', async () => {
    await run(['exec', 'repl', sessionId, '-'], 'const a = 1\na + 1\n');
    expect(lastInput('executions.repl')).toMatchObject({
      query: { wait: 'true' },
      body: { session_id: sessionId, input: 'const a = 1\na + 1\n' },
    });
  });

  it('takes code with a minus sign after --', async () => {
    await linesOf('exec', 'repl', sessionId, '--', '-1');
    expect(lastInput('executions.repl')).toMatchObject({ body: { input: '-1' } });
  });

  it('passes arguments and environment as JSON', async () => {
    await linesOf('exec', 'run-file', sessionId, 'a.js', '--args', '[1,{"b":null}]', '--env', '{"C":"d"}');
    const body = { session_id: sessionId, path: 'a.js', args: [1, { b: null }], env: { C: 'd' } };
    expect(lastInput('executions.runFile')).toMatchObject({ body });
  });

  it('passes members on whose names mean something to JavaScript', async () => {
    const text = '{"__proto__":{"a":1},"constructor":2,"toString":"b"}';
    await linesOf('exec', 'run-file', sessionId, 'a.js', '--args', text, '--env', text);
    expect(JSON.stringify(lastInput('executions.runFile'))).toContain(`"args":${text},"env":${text}`);
    await run(['template', 'add-capability', templateId, '--name', 'fs', '--config', text]);
    expect(JSON.stringify(lastInput('capabilities.add'))).toContain(`"config":${text}`);
  });

  it('reads arguments and environment from files and from standard input', async () => {
    const workingFolder = temporaryFolder();
    writeFileSync(join(workingFolder, 'args.json'), '\ufeff{"csv":"a\\nb"}\n');
    const env = { VM_SYSTEM_URL: host.url };
    const words = ['exec', 'run-file', sessionId, 'a.js', '--args', '@args.json', '--env', '-'];
    expect(await runInProcess({ words, env, workingFolder, stdin: '{"C":"d"}' })).toMatchObject({ code: 0 });
    expect(JSON.stringify(lastInput('executions.runFile'))).toContain('"args":{"csv":"a\\nb"},"env":{"C":"d"}');
  });

  it('changes only the limits that are named', async () => {
    await linesOf('template', 'set-limits', templateId, '--mem-mb', '256', '--wall-ms', '9');
    expect(lastInput('templates.patchSettings')).toMatchObject({ body: { limits: { mem_mb: 256, wall_ms: 9 } } });
  });

  it('changes only the settings that are named', async () => {
    await linesOf('template', 'settings', templateId, '--strict', 'on', '--absolute-imports', 'off');
    expect(lastInput('templates.patchSettings')).toMatchObject({
      body: { runtime: { strict: true }, resolver: { allow_absolute_repo_imports: false } },
    });
  });

  it.for([
    [['--no-active'], { is_active: false }],
    [['--active', '--name', 'b'], { name: 'b', is_active: true }],
    [['--name', 'b'], { name: 'b' }],
  ] as const)('changes only what is named of a template: %j', async ([flags, body]) => {
    await linesOf('template', 'update', templateId, ...flags);
    expect(lastInput('templates.update')).toEqual({
      params: { id: templateId },
      body,
      query: {},
      headers: expect.anything(),
    });
  });

  it('names the part that is to go by its id', async () => {
    await linesOf('template', 'remove-capability', templateId, missingId);
    expect(lastInput('capabilities.remove')).toEqual({ id: templateId, part_id: missingId });
    await linesOf('template', 'remove-startup', templateId, missingId);
    expect(lastInput('startupFiles.remove')).toEqual({ id: templateId, part_id: missingId });
  });

  it('changes only what is named of a capability and of a startup file', async () => {
    await linesOf('template', 'update-capability', templateId, missingId, '--no-enabled', '--config', '{"value":"b"}');
    expect(lastInput('capabilities.update')).toMatchObject({
      params: { id: templateId, part_id: missingId },
      body: { enabled: false, config: { value: 'b' } },
    });
    await linesOf('template', 'update-startup', templateId, missingId, '--order', '-3');
    expect(lastInput('startupFiles.update')).toMatchObject({ body: { order_index: -3 } });
    await linesOf('template', 'reorder-startup', templateId, missingId, templateId);
    expect(lastInput('startupFiles.reorder')).toMatchObject({ body: { ids: [missingId, templateId] } });
  });

  it.for([['update-capability'], ['update-startup']])('refuses %s without a change', async ([command = '']) => {
    const { code, stderr } = await run(['template', command, templateId, missingId]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('No change is named') });
  });

  it('writes an exported template to a file and takes it in again', async () => {
    const workingFolder = temporaryFolder();
    const inFolder = (...words: string[]) => runInProcess({ words, env: { VM_SYSTEM_URL: host.url }, workingFolder });
    const exported = await inFolder('template', 'export', templateId, '--output', 'a.json');
    const file = join(workingFolder, 'a.json');
    expect(exported).toMatchObject({ code: 0, stdout: `Exported template: notebook to ${file}\n` });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(stubDocument);
    await inFolder('template', 'import', 'a.json');
    expect(lastInput('templates.import')).toEqual({ template: stubDocument });
    expect(await inFolder('template', 'export', templateId, '--output', 'no/such/folder')).toMatchObject({ code: 2 });
  });

  it('replaces a file with an exported template only by force', async () => {
    const workingFolder = temporaryFolder();
    const file = join(workingFolder, 'a.json');
    writeFileSync(file, 'mine');
    const words = ['template', 'export', templateId, '--output', 'a.json'];
    const inFolder = (...more: string[]) =>
      runInProcess({ words: [...words, ...more], env: { VM_SYSTEM_URL: host.url }, workingFolder });
    expect(await inFolder()).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: The file ${file} is there already. Name another, or replace it with --force. (USAGE)\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await inFolder('--force')).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(stubDocument);
  });

  it.for([['{"a":'], ['[]'], ['']])('says that %j is no document of a template', async ([text = '']) => {
    const { code, stderr } = await run(['template', 'import', '-'], text);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('The document - cannot be read: It must'),
    });
  });

  it('accepts a negative order and global flags on both sides of the command', async () => {
    await linesOf(
      '--log-level',
      'warn',
      'template',
      'add-startup',
      templateId,
      '--path',
      'a',
      '--order',
      '-3',
      '--no-color',
    );
    expect(lastInput('startupFiles.add')).toMatchObject({ body: { path: 'a', order_index: -3, mode: 'eval' } });
  });

  it('fills up a session with the current folder and names that say nothing', async () => {
    const words = ['session', 'create', '--template-id', templateId];
    const env = { VM_SYSTEM_URL: host.url };
    const sent = { template_id: templateId, workspace_id: 'default', base_commit_oid: 'none' };
    await runInProcess({ words, env, workingFolder: '/work' });
    expect(lastInput('sessions.create')).toEqual({ ...sent, worktree_path: '/work' });
    await runInProcess({ words: [...words, '--worktree-path', '../a/b'], env, workingFolder: '/work' });
    expect(lastInput('sessions.create')).toEqual({ ...sent, worktree_path: '/a/b' });
  });

  it.for(['/a/../b/', ''])('leaves the worktree path "%s" for the host to judge', async (path) => {
    const words = ['session', 'create', '--template-id', templateId, '--worktree-path', path];
    await runInProcess({ words, env: { VM_SYSTEM_URL: host.url }, workingFolder: '/work' });
    expect(host.calls.at(-1)?.input).toMatchObject({ worktree_path: path });
  });

  it.for([
    [['--enabled'], true],
    [['--enabled=true'], true],
    [['--enabled=false'], false],
    [['--no-enabled'], false],
    [[], true],
  ] as const)('adds a capability with %j', async ([flags, enabled]) => {
    await linesOf('template', 'add-capability', ...flags, templateId, '--name', 'fs');
    expect(lastInput('capabilities.add')).toMatchObject({ body: { name: 'fs', enabled } });
  });

  it('sends no token where none is asked for', () => {
    expect(new Set(host.authorizations)).toEqual(new Set([undefined]));
  });
});

describe('a failed call', () => {
  const session = (...more: string[]) => [
    ...['session', 'create', '--workspace-id', 'w', '--base-commit', 'c'],
    ...more,
  ];
  const cases: [words: string[], code: number, stderr: string][] = [
    [['template', 'get', missingId], 4, `Error: There is no such thing as ${missingId}. (TEMPLATE_NOT_FOUND)\n`],
    [['template', 'create', '--name', 'taken'], 5, 'Error: The name is taken. (TEMPLATE_NAME_TAKEN)\n'],
    [
      session('--template-id', templateId, '--worktree-path', '/broken'),
      1,
      'Error: The startup file setup.js threw. (STARTUP_FAILED)\n' +
        `  session_id: ${sessionId}\n  message: Error: no\n` +
        '  stack:\n    at f (setup.js:1:1)\n    at g\n',
    ],
    [
      ['exec', 'repl', sessionId, 'flood'],
      7,
      'Error: The execution wrote more than 1000 events. (OUTPUT_LIMIT_EXCEEDED)\n' +
        `  execution_id: ${executionId}\n  limit: max_events\n`,
    ],
    [['exec', 'run-file', sessionId, 'missing.js'], 4, 'Error: No such file. (FILE_NOT_FOUND)\n  path: missing.js\n'],
  ];
  it.for(cases)('%j', async ([words, code, stderr]) => {
    expect(await run(words)).toEqual({ code, stdout: '', stderr });
  });

  it.for([
    [['template', 'get', 'notes'], 'id', 'template list'],
    [['session', 'create', '--template-id', 'notes'], 'template_id', 'template list'],
    [['session', 'close', 'notes'], 'id', 'session list'],
    [['exec', 'repl', 'notes', '1'], 'session_id', 'session list'],
    [['exec', 'events', 'notes'], 'id', 'exec list SESSION'],
    [['template', 'remove-capability', templateId, 'notes'], 'part_id', 'template list-capabilities TEMPLATE'],
    [['template', 'remove-startup', templateId, 'notes'], 'part_id', 'template list-startup TEMPLATE'],
  ] as const)('%j says where the id is found', async ([words, field, listing]) => {
    expect(await run(words)).toEqual({
      code: 3,
      stdout: '',
      stderr: `Error: "${field}" must be a UUID. (VALIDATION_ERROR)\n  find it with: vm-system ${listing}\n`,
    });
  });

  it('says nothing of ids where another value was refused', async () => {
    const { code, stderr } = await run(['exec', 'list', sessionId, '--limit', '0']);
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.not.stringContaining('find it with') });
  });

  it('is an envelope with --json', async () => {
    const { code, stdout, stderr } = await run(['--json', 'session', 'get', missingId]);
    const error = {
      code: 'SESSION_NOT_FOUND',
      message: `There is no such thing as ${missingId}.`,
      details: { id: missingId },
    };
    expect({ code, stdout, envelope: JSON.parse(stderr) }).toEqual({ code: 4, stdout: '', envelope: { error } });
  });
});

describe('an execution that did not end well is an answer', () => {
  const lines = [
    `Execution ID: ${executionId.replace(/1$/, '3')}`,
    'Status: error',
    'Error: {"message":"Error: no","stack":"at cell 1:1:1"}',
  ];

  it('exits with 0, as older scripts expect', async () => {
    expect(await run(['exec', 'repl', sessionId, 'throw'])).toEqual({
      code: 0,
      stdout: `${lines.join('\n')}\n`,
      stderr: '',
    });
  });

  it('exits with 1 for --fail', async () => {
    expect(await run(['exec', 'repl', sessionId, 'throw', '--fail'])).toMatchObject({ code: 1, stderr: '' });
  });
});
