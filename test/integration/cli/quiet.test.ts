/** `--quiet` of code that is run: its value alone on stdout, whatever else there is to say on stderr. */
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import { closeServer, executionId, listen, sendJson, sessionId, stubExecution } from '../../support/stub-host.ts';
import { runInProcess } from './run-in-process.ts';

type Said = ExecutionEvent extends infer Event
  ? Event extends ExecutionEvent
    ? Pick<Event, 'type' | 'payload'>
    : never
  : never;

interface Outcome {
  readonly fields?: Partial<Execution>;
  readonly says?: readonly Said[];
}

/** A host on which every execution ends like this, waited for or followed. */
async function hostOf({ fields = {}, says = [] }: Outcome): Promise<string> {
  const execution: Execution = { ...stubExecution, ...fields };
  const events = says.map((said, index) => ({
    execution_id: executionId,
    seq: index + 1,
    ts: execution.started_at,
    ...said,
  }));
  const server = createServer((request, response) => {
    response.setHeader('x-request-id', 'stub');
    if (request.method !== 'POST' && request.url?.endsWith('/stream') !== true)
      return sendJson(response, 200, execution);
    if (request.method === 'POST' && request.url?.endsWith('wait=false')) {
      return sendJson(response, 202, { ...stubExecution, result: undefined, status: 'running' });
    }
    if (request.method === 'POST') return sendJson(response, 201, { ...execution, events });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events) response.write(`event: message\ndata: ${JSON.stringify(event)}\n\n`);
    response.end(`event: done\ndata: ${JSON.stringify(execution)}\n\n`);
  });
  const port = await listen(server);
  onTestFinished(() => closeServer(server));
  return `http://127.0.0.1:${port}`;
}

const failed = { status: 'error', result: undefined, error: { message: 'Error: no', stack: 'at f' } } as const;
const text = 'a\n\u001b[2J"b"';

describe.each([{ flags: [] }, { flags: ['--follow'] }])('exec repl --quiet $flags', ({ flags }) => {
  async function quiet(outcome: Outcome, isTerminal = false) {
    const words = ['--quiet', 'exec', 'repl', sessionId, '1', ...flags];
    return runInProcess({ words, env: { VM_SYSTEM_URL: await hostOf(outcome) }, isTerminal });
  }

  it('prints a text as it is, and makes it safe for a terminal only', async () => {
    const outcome = { fields: { result: { type: 'string', preview: 'cut', json: text } } };
    expect(await quiet(outcome)).toEqual({ code: 0, stdout: `${text}\n`, stderr: '' });
    expect(await quiet(outcome, true)).toMatchObject({ stdout: 'a\n\\u001b[2J"b"\n' });
  });

  it('prints nothing for undefined', async () => {
    const fields = { result: { type: 'undefined', preview: 'undefined' } };
    expect(await quiet({ fields })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('fails where there is only a part of the value to print', async () => {
    const { code, stdout, stderr } = await quiet({ fields: { result: { type: 'string', preview: 'aaa…' } } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/too large.*--json/);
  });

  it('says on stderr why an execution failed, and exits with 1', async () => {
    expect(await quiet({ fields: failed })).toEqual({ code: 1, stdout: '', stderr: 'Error: no\n' });
    const { error: _, ...cancelled } = { ...failed, status: 'cancelled' } as const;
    expect(await quiet({ fields: cancelled })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('cancelled'),
    });
  });

  it('tells on stderr what the host and the guest say', async () => {
    const says: Said[] = [
      { type: 'input_echo', payload: { text: '1' } },
      { type: 'system', payload: { message: 'its earlier state is lost', level: 'warn' } },
      { type: 'system', payload: { message: 'try await', level: 'info' } },
      { type: 'console', payload: { level: 'log', text: 'a\nb\u001b' } },
      { type: 'stdout', payload: { text: 'no line end, ' } },
      { type: 'stderr', payload: { text: 'line\n' } },
      { type: 'display', payload: { data: { 'text/plain': 'shown', 'text/html': '<b>' } } },
      { type: 'value', payload: { type: 'number', preview: '42', json: 42 } },
    ];
    expect(await quiet({ says })).toEqual({
      code: 0,
      stdout: '42\n',
      stderr: 'Warning: its earlier state is lost\nHint: try await\na\nb\\u001b\nno line end, line\nshown\n',
    });
  });
});

it('a failure is no failed call without --quiet, and --json gives the raw object beside it', async () => {
  const run = async (...words: string[]) =>
    runInProcess({
      words: ['exec', 'repl', sessionId, '1', ...words],
      env: { VM_SYSTEM_URL: await hostOf({ fields: failed }) },
    });
  expect(await run()).toMatchObject({ code: 0, stderr: '' });
  const { code, stdout, stderr } = await run('--json', '--quiet');
  expect({ code, stderr, status: JSON.parse(stdout).status }).toEqual({ code: 0, stderr: '', status: 'error' });
});

it('exec get prints the value as well, and exec cancel the id', async () => {
  const env = { VM_SYSTEM_URL: await hostOf({ fields: { result: { type: 'string', preview: '', json: text } } }) };
  const get = ['exec', 'get', executionId, '--quiet'];
  expect(await runInProcess({ words: get, env })).toMatchObject({ code: 0, stdout: `${text}\n` });
});
