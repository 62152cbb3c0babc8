/**
 * The shell flows that scripts of the earlier daemon are made of, typed as they are: a POSIX shell, the command on the
 * PATH, ids cut out of the lines by sed. Each runs once with the engine's old name.
 */
import { describe, expect, it } from 'vitest';
import { runShell } from '../support/run-shell.ts';

const idAfter = (words: string) => `sed -n 's/.*${words} *\\([0-9a-f-]\\{36\\}\\).*/\\1/p'`;

const createSession = `
  SESSION=$(vm-system session create --template-id "$TEMPLATE" --workspace-id ws-1 --base-commit deadbeef \\
    --worktree-path "$PWD" | ${idAfter('Created session:')})`;

describe.each(['quickjs', 'goja'])('with --engine %s', (engine) => {
  const createTemplate = `
  TEMPLATE=$(vm-system template create --name flow --engine ${engine} | ${idAfter('ID:')})`;

  it('template, startup file, session, snippet, file and summary work one after the other', async () => {
    const { code, stdout, stderr } = await runShell(`
  echo 'globalThis.seed = 40; console.log("startup ran")' > startup.js
  echo 'console.log("file ran", JSON.stringify(__ARGS__)); seed + __ARGS__.add' > job.js
  ${createTemplate}
  vm-system template add-startup "$TEMPLATE" --path startup.js --order 1 --mode eval
  ${createSession}
  vm-system exec repl "$SESSION" 'const answer = seed + 2; answer'
  vm-system exec run-file "$SESSION" job.js --args '{"add":3}' --env '{"MODE":"test"}'
  vm-system exec repl "$SESSION" 'answer'
  vm-system ops runtime-summary
  vm-system session close "$SESSION"
  vm-system ops runtime-summary`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID').split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'Added startup file: startup.js (order: 1) to template UUID',
        'Execution ID: UUID',
        'Status: ok',
        'Result: {"type":"number","preview":"42","json":42}',
        'Events:',
        '[1] input_echo: {"text":"const answer = seed + 2; answer"}',
        '[2] value: {"type":"number","preview":"42","json":42}',
        '[1] console: {"level":"log","text":"file ran {\\"add\\":3}"}',
        '[2] value: {"type":"number","preview":"43","json":43}',
        'Closed session: UUID',
      ]),
    );
    expect(stdout).toContain('"active_sessions": 1');
    expect(stdout).toContain('"active_sessions": 0');
  });

  it('lists say what is there, and an error of the guest is no failure of the call', async () => {
    const { code, stdout, stderr } = await runShell(`
  vm-system template list; vm-system session list
  ${createTemplate}
  ${createSession}
  vm-system exec list "$SESSION"
  vm-system exec repl "$SESSION" 'throw new Error("on purpose")'
  EXECUTION=$(vm-system exec list "$SESSION" --limit 1 | ${idAfter('')})
  vm-system exec get "$EXECUTION"
  vm-system exec events "$EXECUTION" --after-seq 1
  vm-system exec events "$EXECUTION" --after-seq 99
  vm-system session list --status ready`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const line of ['No templates found', 'No sessions found', 'No executions found', 'No events found']) {
      expect(stdout.split('\n')).toContain(line);
    }
    expect(stdout).toContain('Status: error');
    expect(stdout).toMatch(/Error: \{"message":"Error: on purpose","stack":"/);
    expect(stdout).toContain('[2] exception: {"message":"Error: on purpose"');
  });

  it('modules, libraries and capabilities are granted and withdrawn, and a refused call fails', async () => {
    const { code, stdout, stderr } = await runShell(`
  ${createTemplate}
  vm-system template add-module "$TEMPLATE" --name FS
  vm-system template list-modules "$TEMPLATE"
  vm-system template remove-module "$TEMPLATE" --name fs
  vm-system template add-library "$TEMPLATE" --name lodash-4.17.21
  vm-system template list-libraries "$TEMPLATE"
  vm-system template add-capability "$TEMPLATE" --name HOME --kind env --config '{"value":"/"}'
  vm-system session create --template-id "$TEMPLATE" --workspace-id w --base-commit c --worktree-path "$PWD" || echo "exit $?"
  vm-system template remove-library "$TEMPLATE" --name lodash-4.17.21
  vm-system template delete "$TEMPLATE"
  vm-system template get "$TEMPLATE" || echo "exit $?"`);
    expect(code).toBe(0);
    const id = /Deleted template: (\S+)/.exec(stdout)?.[1];
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        `Added module: fs to template ${id}`,
        `Removed module: fs from template ${id}`,
        `Added library: lodash-4.17.21 to template ${id}`,
        `Added capability: env:HOME to template ${id}`,
        `Removed library: lodash-4.17.21 from template ${id}`,
        'exit 3',
        'exit 4',
      ]),
    );
    expect(stderr).toContain('(LIBRARY_NOT_CACHED)');
    expect(stderr).toContain('vm-system libs download');
    expect(stderr).toContain('(TEMPLATE_NOT_FOUND)');
  });
});
