/** What the modules refuse says the rule, the template that it stands in, and what to do; and no path but the guest's. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#shared/contract/primitive';
import { directFs } from '../../support/direct-fs.ts';
import { newModuleHost, outcomeOf } from '../../support/module-host.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';

const howToGrant =
  'To grant new sessions one more folder, by absolute paths: vm-system template add-capability TEMPLATE --kind fs ' +
  `--name data --config '{"path":"/srv/data","mode":"ro"}'.`;

function folders() {
  const folder = temporaryFolder();
  const [worktree, data] = [join(folder, 'work'), join(folder, 'data')];
  for (const path of [worktree, data]) mkdirSync(path);
  writeFileSync(join(data, 'file.txt'), 'text');
  symlinkSync(data, join(worktree, 'out'));
  symlinkSync(worktree, join(data, 'back'));
  return { worktree, data };
}

const grantOf = (name: string, config: JsonValue) => ({
  id: '00000000-0000-4000-8000-000000000001',
  vm_id: '00000000-0000-4000-8000-000000000000',
  kind: 'fs' as const,
  name,
  enabled: true,
  config,
});

/** The message of the refusal of reading a file. */
async function readingRefused(world: { worktree: string; path: string; grants?: Record<string, JsonValue> }) {
  const capabilities = Object.entries(world.grants ?? {}).map(([name, config]) => grantOf(name, config));
  const read = directFs({ worktree: world.worktree, capabilities })('readFile', world.path);
  return read.then(String, (error) => error.message);
}

describe('the module fs', () => {
  test.each(['../x', 'out/file.txt'])('refuses to leave the worktree by %s', async (path) => {
    const { worktree } = folders();
    expect(await readingRefused({ worktree, path })).toBe(
      `The path "${path}" cannot be used: it leaves the worktree, which the template "test" does not let fs do. ${howToGrant}`,
    );
  });

  test('refuses to leave a folder that is granted', async () => {
    const { worktree, data } = folders();
    const path = join(data, 'back');
    expect(await readingRefused({ worktree, path, grants: { data: { path: data } } })).toBe(
      `The path "${path}" cannot be used: it leaves the folder of "data", which the template "test" does not let fs do. ${howToGrant}`,
    );
  });

  test('refuses what is in no folder that is granted', async () => {
    const { worktree, data } = folders();
    expect(await readingRefused({ worktree, path: '/etc/passwd', grants: { data: { path: data } } })).toBe(
      'The path "/etc/passwd" cannot be used: it is not inside the worktree or the folder of "data", and the template ' +
        `"test" lets fs use nothing else. ${howToGrant}`,
    );
  });

  test.each<[string, (data: string) => JsonValue]>([
    ['it is not absolute', (data) => ({ path: basename(data) })],
    ['it does not exist', (data) => ({ path: dirname(join(data, 'none/x')) })],
    ['it is not a folder', (data) => ({ path: join(data, 'file.txt') })],
    ['it is not given as {"path":"/srv/data","mode":"ro"}', () => ({ mode: 'rw' })],
    ['it is not given as {"path":"/srv/data","mode":"ro"}', () => 'text'],
  ])('names the capability that would have granted it but that %s', async (reason, configOf) => {
    const { worktree, data } = folders();
    const config = configOf(data);
    const [{ path = data }] = [config as { path?: string }];
    const wanted = path.startsWith('/') ? path : join(data, 'file.txt');
    expect(await readingRefused({ worktree, path: wanted, grants: { data: config } })).toBe(
      `The path "${wanted}" cannot be used: the path in the capability fs "data" of the template "test" has no effect, for ${reason}.`,
    );
  });

  test('says nothing of a capability that would not have granted the path', async () => {
    const { worktree, data } = folders();
    const grants = { data: { path: join(data, 'none') } };
    for (const path of [join(data, 'file.txt'), join(data, 'none2')]) {
      const message = await readingRefused({ worktree, path, grants });
      expect(message).toContain('it is not inside the worktree, and the template "test"');
      expect(message.replace(JSON.stringify(path), '')).not.toContain(dirname(data));
    }
  });
});

describe('the module database', () => {
  const run = async (source: string, config: { [key: string]: JsonValue }, host = newModuleHost()) =>
    outcomeOf(await host.run({ name: 'database', config }, `const db = require('database'); ${source}`));

  test('refuses files outside the worktree', async () => {
    expect(await run(`db.configure('sqlite3', '/srv/data.db')`, {})).toBe(
      'Error: The path "/srv/data.db" cannot be used: it leaves the worktree, and the template "test" lets databases be ' +
        'files of the worktree only. Name one inside, or ":memory:".',
    );
    expect(await run(`db.configure('sqlite3', '../data.db')`, {})).toContain('the template "test" lets databases');
  });

  test('refuses to write where it is granted read-only', async () => {
    const host = newModuleHost();
    new DatabaseSync(join(host.worktree, 'data.db')).exec('CREATE TABLE t (a)');
    const rule =
      'the template "test" grants the module database read-only. To let new sessions write, set "read_only" to false ' +
      'in its capability module:database';
    const config = { read_only: true };
    const open = `db.configure('sqlite3', 'data.db');`;
    expect(await run(`${open} db.exec('INSERT INTO t VALUES (1)')`, config, host)).toBe(
      `Error: attempt to write a readonly database: ${rule}`,
    );
    const fields = `try { db.exec('DELETE FROM t') } catch ({ code, errcode }) { [code, errcode] }`;
    expect(await run(`${open} ${fields}`, config, host)).toEqual(['ERR_SQLITE_ERROR', 8]);
    expect(await run(`db.configure('sqlite3', 'new.db')`, config, host)).toBe(
      `Error: There is no file "new.db" in the worktree, and none is made: ${rule}.`,
    );
  });

  test('refuses SQL that no template can allow', async () => {
    expect(await run(`db.configure('sqlite3', ':memory:'); db.exec('ATTACH "x" AS y')`, {})).toBe(
      'Error: ATTACH, and VACUUM which works by it, is not allowed: SQL of a session reaches its one database and ' +
        'nothing else, whatever the template "test" grants',
    );
  });
});

test('the module exec refuses a folder outside the worktree', async () => {
  const source = `require('exec').run('pwd', [], { cwd: '..' })`;
  const config = { commands: ['pwd'] };
  expect(outcomeOf(await newModuleHost().run({ name: 'exec', config }, source))).toBe(
    'Error: The path ".." cannot be used: it leaves the worktree, and the template "test" lets commands start in the ' +
      'worktree only. Name a folder inside.',
  );
});
