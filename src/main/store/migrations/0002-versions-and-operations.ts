/**
 * Versions of templates with the hash of what each allows, the hash a session runs under, numbered cells of a REPL,
 * `display` events, and long operations. Templates and sessions that are there already get what can be computed of them;
 * a row that is damaged gets nothing and stays as it is, so that it keeps nobody from the rest.
 */
import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { policyHash } from '#core/template/policy-hash';
import type { Migration } from '../migration.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export const versionsAndOperations: Migration = {
  version: 2,
  sql: `
    -- A CHECK cannot be changed, so the table is made anew.
    CREATE TABLE execution_event_with_display (
      execution_id TEXT NOT NULL REFERENCES execution (id) ON DELETE CASCADE,
      seq INTEGER NOT NULL CHECK (seq > 0),
      ts TEXT NOT NULL,
      type TEXT NOT NULL CHECK (
        type IN ('input_echo', 'console', 'value', 'exception', 'system', 'stdout', 'stderr', 'display')
      ),
      payload TEXT NOT NULL,
      PRIMARY KEY (execution_id, seq)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO execution_event_with_display (execution_id, seq, ts, type, payload)
      SELECT execution_id, seq, ts, type, payload FROM execution_event ORDER BY execution_id, seq;
    DROP TABLE execution_event;
    ALTER TABLE execution_event_with_display RENAME TO execution_event;

    -- The number of a REPL cell within its session.
    ALTER TABLE execution ADD COLUMN cell INTEGER CHECK (cell > 0);
    CREATE INDEX execution_cell ON execution (session_id, cell) WHERE cell IS NOT NULL;

    ALTER TABLE template ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0);
    CREATE TABLE template_version (
      template_id TEXT NOT NULL REFERENCES template (id) ON DELETE CASCADE,
      version INTEGER NOT NULL CHECK (version > 0),
      created_at TEXT NOT NULL,
      policy_hash TEXT NOT NULL,
      change TEXT NOT NULL,
      detail TEXT NOT NULL,
      PRIMARY KEY (template_id, version)
    ) STRICT;

    ALTER TABLE session ADD COLUMN policy_hash TEXT;
    ALTER TABLE session ADD COLUMN template_version INTEGER;

    CREATE TABLE operation (
      ordinal INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      subject TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('running', 'ok', 'error', 'cancelled')),
      progress TEXT,
      started_at TEXT NOT NULL,
      ended_at TEXT,
      result TEXT,
      error TEXT
    ) STRICT;
    CREATE INDEX operation_running ON operation (status) WHERE status = 'running';
  `,
  fill(database) {
    startHistories(database);
    hashPolicies(database);
  },
};

/** As the templates are now, each as its version 1. */
function startHistories(database: Database): void {
  const details = database.prepare<[string], { detail: string; policy: string }>(detailAndPolicy);
  const insert = database.prepare(
    `INSERT INTO template_version (template_id, version, created_at, policy_hash, change, detail)
     VALUES (?, 1, ?, ?, 'kept from before versions', ?)`,
  );
  const templates = database.prepare<[], { id: string; updated_at: string }>('SELECT id, updated_at FROM template');
  for (const { id, updated_at } of templates.all()) {
    const found = unlessDamaged(() => details.get(id));
    const hash = found && hashOf(found.policy);
    if (found && hash !== undefined) insert.run(id, updated_at, hash, found.detail);
  }
}

function hashPolicies(database: Database): void {
  const sessions = database.prepare<[], { id: string; policy: string }>('SELECT id, policy FROM session');
  const update = database.prepare('UPDATE session SET policy_hash = ? WHERE id = ?');
  for (const { id, policy } of sessions.all()) update.run(hashOf(policy) ?? null, id);
}

function hashOf(policy: string): string | undefined {
  return unlessDamaged(() => policyHash(JSON.parse(policy), sha256));
}

function unlessDamaged<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const detailAndPolicy = `
  WITH
    part AS MATERIALIZED (
      SELECT
        template.*,
        json_object('limits', json(limits), 'resolver', json(resolver), 'runtime', json(runtime)) AS settings,
        (
          SELECT json_group_array(
            json_object(
              'id', id, 'vm_id', template_id, 'kind', kind, 'name', name,
              'enabled', json(iif(enabled, 'true', 'false')), 'config', json(config)
            ) ORDER BY ordinal
          )
          FROM template_capability WHERE template_id = template.id
        ) AS capabilities,
        (
          SELECT json_group_array(
            json_object('id', id, 'vm_id', template_id, 'path', path, 'order_index', order_index, 'mode', mode)
            ORDER BY order_index, ordinal
          )
          FROM template_startup_file WHERE template_id = template.id
        ) AS startup_files
      FROM template JOIN template_settings ON template_settings.template_id = template.id
      WHERE template.id = ?
    )
  SELECT
    json_object(
      'template', json_object(
        'id', id, 'name', name, 'engine', engine, 'is_active', json(iif(is_active, 'true', 'false')),
        'exposed_modules', json(exposed_modules), 'libraries', json(libraries), 'version', version,
        'created_at', created_at, 'updated_at', updated_at
      ),
      'settings', json_insert(settings, '$.vm_id', id),
      'capabilities', json(capabilities),
      'startup_files', json(startup_files)
    ) AS detail,
    json_object(
      'template_name', name, 'engine', engine, 'settings', json(settings),
      'modules', json(exposed_modules), 'libraries', json(libraries),
      'capabilities', json(capabilities), 'startup_files', json(startup_files)
    ) AS policy
  FROM part`;
