import { describe, expect, it } from 'vitest';
import { migrate, migrations, schemaVersion } from '#main/store/migrate';
import { databaseAt } from './database-at.ts';

const session = `INSERT INTO session (id, template_id, status, created_at, workspace_id, base_commit_oid, worktree_path, policy)
  VALUES ('s', 'gone', 'ready', 't', 'w', 'o', '/', '{}')`;
const execution = `INSERT INTO execution (id, session_id, kind, status, started_at, metrics, args, env)
  VALUES ('e', 's', 'repl', 'ok', 't', '{}', '{}', '{}')`;
const event = `INSERT INTO execution_event VALUES ('e', 1, 't', 'console', '{}')`;

describe('migration 1', () => {
  it('makes the seven tables from nothing', () => {
    const database = databaseAt(0);
    expect(schemaVersion(database)).toBe(0);
    migrate(database, migrations.slice(0, 1));
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
    expect(tables).toEqual([
      'execution',
      'execution_event',
      'session',
      'template',
      'template_capability',
      'template_settings',
      'template_startup_file',
    ]);
  });

  it('makes every table strict about types', () => {
    const lax = databaseAt(1).prepare(
      "SELECT name FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%' AND strict = 0",
    );
    expect(lax.all()).toEqual([]);
  });

  it.each([
    ['a session status', session.replace("'ready'", "'hibernated'")],
    ['an execution kind', execution.replace("'repl'", "'cell'")],
    ['an execution status', execution.replace("'ok'", "'done'")],
    ['an event type', event.replace("'console'", "'beep'")],
    ['an event number', event.replace("'e', 1", "'e', 0")],
  ])('refuses %s that the contract does not know', (_, sql) => {
    const database = databaseAt(1);
    database.pragma('foreign_keys = OFF');
    expect(() => database.exec(sql)).toThrow('CHECK constraint failed');
  });

  it.each([
    ['an execution without its session', execution],
    ['an event without its execution', event],
  ])('refuses %s', (_, sql) => {
    expect(() => databaseAt(1).exec(sql)).toThrow('FOREIGN KEY constraint failed');
  });

  it('deletes executions and events with their session', () => {
    const database = databaseAt(1).exec(`${session}; ${execution}; ${event};`);
    database.exec("DELETE FROM session WHERE id = 's'");
    const left = database.prepare('SELECT (SELECT count(*) FROM execution) + (SELECT count(*) FROM execution_event)');
    expect(left.pluck().get()).toBe(0);
  });
});
