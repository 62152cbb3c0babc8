import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrate, migrations, schemaVersion } from '#main/store/migrate';
import { applicationId, closeDatabase, openDatabase } from '#main/store/open-database';
import { temporaryFolder } from '../../../../support/temp-dir.ts';
import { databaseAt } from './database-at.ts';

const settings = `'{"cpu_ms":7}', '{"roots":[]}', '{"esm":true}'`;
const policy = {
  template_name: 'one',
  engine: 'quickjs',
  settings: { limits: { cpu_ms: 7 }, resolver: { roots: [] }, runtime: { esm: true } },
  modules: ['fs'],
  libraries: [],
  capabilities: [{ id: 'other', vm_id: 't1', kind: 'env', name: 'HOME', enabled: true, config: { value: null } }],
  startup_files: [
    { id: 'x', vm_id: 't1', path: 'a.js', order_index: 0, mode: 'eval' },
    { id: 'y', vm_id: 't1', path: 'b.js', order_index: 5, mode: 'import' },
  ],
};
const quoted = (value: unknown) => `'${JSON.stringify(value)}'`;

const ofThatDay = `
  INSERT INTO template (id, name, engine, is_active, created_at, updated_at, exposed_modules, libraries) VALUES
    ('t1', 'one', 'quickjs', 1, 'c1', 'u1', '["fs"]', '[]'), ('t2', 'two', 'quickjs', 0, 'c2', 'u2', '[]', '["x"]'),
    ('t3', 'damaged', 'quickjs', 0, 'c3', 'u3', '[', '[]');
  INSERT INTO template_settings VALUES ('t1', ${settings}), ('t2', ${settings}), ('t3', ${settings});
  INSERT INTO template_capability (id, template_id, kind, name, enabled, config) VALUES
    ('c1', 't1', 'module', 'exec', 0, '[1,null]'), ('c2', 't1', 'env', 'HOME', 1, '{"value":null}');
  INSERT INTO template_startup_file (id, template_id, order_index, mode, path) VALUES
    ('f1', 't1', 5, 'import', 'b.js'), ('f2', 't1', 0, 'eval', 'a.js');
  INSERT INTO session (id, template_id, status, created_at, workspace_id, base_commit_oid, worktree_path, policy) VALUES
    ('s1', 't1', 'ready', 't', 'w', 'o', '/', ${quoted(policy)}),
    ('s2', 'gone', 'closed', 't', 'w', 'o', '/', ${quoted({ ...policy, modules: [] })}),
    ('s3', 't1', 'closed', 't', 'w', 'o', '/', '{');
  INSERT INTO execution (id, session_id, kind, status, started_at, metrics, args, env, input) VALUES
    ('e1', 's1', 'repl', 'ok', 't', '{}', '{}', '{}', '6*7'), ('e2', 's1', 'repl', 'running', 't', '{}', '{}', '{}', '');
  INSERT INTO execution_event VALUES
    ('e2', 1, 't', 'console', '{"b":1}'), ('e1', 1, 't', 'input_echo', '{}'), ('e1', 2, 't', 'value', '{"a":"ü"}');`;

/** A file that the release before this migration wrote, opened by this one. */
function upgraded(): Database {
  const path = join(temporaryFolder(), 'vm.db');
  const earlier = new Sqlite(path);
  earlier.pragma(`application_id = ${applicationId}`);
  migrate(earlier, migrations.slice(0, 1));
  earlier.exec(ofThatDay);
  earlier.close();
  const database = openDatabase(path);
  onTestFinished(() => closeDatabase(database));
  return database;
}

describe('migration 2', () => {
  it('keeps every event, its order and its tie to its execution', () => {
    const database = upgraded();
    expect(schemaVersion(database)).toBe(migrations.length);
    expect(database.prepare('SELECT * FROM execution_event').raw().all()).toEqual([
      ['e1', 1, 't', 'input_echo', '{}'],
      ['e1', 2, 't', 'value', '{"a":"ü"}'],
      ['e2', 1, 't', 'console', '{"b":1}'],
    ]);
    database.exec("DELETE FROM session WHERE id = 's1'");
    expect(database.prepare('SELECT count(*) FROM execution_event').pluck().get()).toBe(0);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('takes display events from now on, and still none that the contract does not know', () => {
    const database = upgraded();
    database.exec("INSERT INTO execution_event VALUES ('e1', 3, 't', 'display', '{}')");
    expect(() => database.exec("INSERT INTO execution_event VALUES ('e1', 4, 't', 'beep', '{}')")).toThrow('CHECK');
  });

  it('leaves executions of before without a cell', () => {
    expect(upgraded().prepare('SELECT id, input, cell FROM execution').raw().all()).toEqual([
      ['e1', '6*7', null],
      ['e2', '', null],
    ]);
  });

  it('keeps each template as its version 1, whole, and skips one that is damaged', () => {
    const versions = upgraded().prepare<[], { detail: string }>('SELECT * FROM template_version').all();
    expect(versions).toMatchObject([
      { template_id: 't1', version: 1, created_at: 'u1', policy_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { template_id: 't2', version: 1, created_at: 'u2' },
    ]);
    expect(JSON.parse(versions[0]?.detail ?? '')).toEqual({
      template: {
        id: 't1',
        name: 'one',
        engine: 'quickjs',
        is_active: true,
        exposed_modules: ['fs'],
        libraries: [],
        version: 1,
        created_at: 'c1',
        updated_at: 'u1',
      },
      settings: { vm_id: 't1', ...policy.settings },
      capabilities: [
        { id: 'c1', vm_id: 't1', kind: 'module', name: 'exec', enabled: false, config: [1, null] },
        { id: 'c2', vm_id: 't1', kind: 'env', name: 'HOME', enabled: true, config: { value: null } },
      ],
      startup_files: [
        { id: 'f2', vm_id: 't1', path: 'a.js', order_index: 0, mode: 'eval' },
        { id: 'f1', vm_id: 't1', path: 'b.js', order_index: 5, mode: 'import' },
      ],
    });
  });

  it('hashes the policy of every session that has one, as the one of a template that allows the same', () => {
    const database = upgraded();
    const hashes = database.prepare('SELECT policy_hash FROM session').pluck().all();
    const [ofTemplate] = database.prepare('SELECT policy_hash FROM template_version').pluck().all();
    expect(hashes).toEqual([ofTemplate, expect.stringMatching(/^[0-9a-f]{64}$/), null]);
    expect(hashes[1]).not.toBe(ofTemplate);
    expect(database.prepare('SELECT template_version FROM session').pluck().all()).toEqual([null, null, null]);
  });

  it('deletes the history of a template with it', () => {
    const database = upgraded();
    database.exec("DELETE FROM template WHERE id = 't1'");
    expect(database.prepare('SELECT template_id FROM template_version').pluck().all()).toEqual(['t2']);
  });

  it('makes every table strict about types', () => {
    const lax = "SELECT name FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%' AND strict = 0";
    expect(databaseAt(2).prepare(lax).all()).toEqual([]);
  });

  it('refuses an operation in a status that there is not', () => {
    const operation =
      "INSERT INTO operation (id, kind, subject, status, started_at) VALUES ('o', 'k', 's', 'paused', 't')";
    expect(() => databaseAt(2).exec(operation)).toThrow('CHECK constraint failed');
  });
});
