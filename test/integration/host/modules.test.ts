/** Modules through the whole host: startup by import, run-file as a module, and what a client gets of a failed import. */
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
