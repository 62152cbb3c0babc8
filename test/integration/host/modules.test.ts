/** Modules through the whole host: startup by import, run-file as a module, and what a client gets of a failed import. */
import { spawnSync } from 'node:child_process';
import { linkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Execution } from '#shared/contract/execution';
import { startTestHost } from '../../support/test-host.ts';

it('starts a session by importing its startup files, and runs files as modules', async () => {
  const host = await startTestHost();
  host.writeFile('lib/store.js', 'export const rows = [];');
  host.writeFile('boot.mjs', 'import { rows } from "store"; rows.push(1); export default rows;');
  host.writeFile('step.mjs', 'import rows from "./boot.mjs"; rows.push(2); export default rows.join();');
  host.writeFile('broken.mjs', 'import "./missing.mjs";');
  const template = await host.template('modules');
  const settings = { resolver: { roots: ['lib'] }, runtime: { esm: true } };
  await host.ok('PATCH', `/templates/${template.id}/settings`, settings);
  await host.ok('POST', `/templates/${template.id}/startup-files`, { path: 'boot.mjs', mode: 'import' });
  const session = await host.session(template.id);

  const runFile = (path: string) =>
    host.ok<Execution>('POST', '/executions/run-file', { session_id: session.id, path });
  expect((await runFile('step.mjs')).result?.json).toBe('1,2');
  expect((await runFile('step.mjs')).result?.json).toBe('1,2,2');
  expect((await host.repl(session.id, '(await import("store")).rows.length')).result?.json).toBe(3);
  expect(await runFile('broken.mjs')).toMatchObject({
    status: 'error',
    error: { message: expect.stringMatching(/^Error: Cannot import "\.\/missing\.mjs" from "broken\.mjs"/) },
  });
});

it('runs .mjs and .mts as modules whatever the template says, and tells a script how it becomes one', async () => {
  const host = await startTestHost();
  host.writeFile('plain.js', 'import { n } from "./lib.mjs"; n');
  host.writeFile('lib.mjs', 'export const n = 7;');
  host.writeFile('main.mjs', 'import { n } from "./lib.mjs"; export default n;');
  host.writeFile('typed.mts', 'import { n } from "./lib.mjs"; const m: number = n + 1; export default m;');
  const template = await host.template('scripts');
  const session = await host.session(template.id);
  const runFile = (path: string) =>
    host.ok<Execution>('POST', '/executions/run-file', { session_id: session.id, path });
  expect((await runFile('main.mjs')).result?.json).toBe(7);
  expect((await runFile('typed.mts')).result?.json).toBe(8);
  const { events } = await runFile('plain.js');
  expect(events?.map(({ type }) => type)).toEqual(['system', 'exception']);
  expect(events?.[0]?.payload).toMatchObject({
    level: 'info',
    message: expect.stringMatching(`"plain\\.mjs".*vm-system template settings ${template.id} --esm on`),
  });
});

it('keeps its locks: what is imported of its own files is refused before it is opened', async () => {
  const host = await startTestHost();
  const database = join(host.folder, 'test.db');
  const session = await host.session((await host.template('own')).id);
  for (const ending of ['', '-wal', '-shm', '.lock']) {
    linkSync(database + ending, join(host.worktree, `own${ending}.cjs`));
    for (const load of ['import', 'require']) {
      const { error } = await host.repl(session.id, `await ${load}("./own${ending}.cjs")`);
      expect(error?.message).toMatch(/^Error: .*it is the host's own file/);
    }
  }
  // A process that opened and closed one of them would have let go of this one too.
  const fixture = join(import.meta.dirname, '../../unit/main/store/hold-database.fixture.ts');
  const other = spawnSync(process.execPath, [fixture, database, ''], { input: '', encoding: 'utf8' });
  expect(other.stdout).toBe('');
  expect(other.stderr).toContain('another vm-system host');
});
