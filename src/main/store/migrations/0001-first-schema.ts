/**
 * The seven tables: a template with its settings, capabilities and startup files; sessions; executions with their events.
 * `ordinal` is the order in which rows were added. Lists are ordered by it and never by a time, because clocks are set back;
 * it is the rowid, so every index ends with it. Times are RFC 3339 with milliseconds. Columns that may grow large come last, where reading the others does not touch them.
 */
import type { Migration } from '../migration.ts';

export const firstSchema: Migration = {
  version: 1,
  sql: `
    CREATE TABLE template (
      ordinal INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL UNIQUE,
      engine TEXT NOT NULL,
      is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      exposed_modules TEXT NOT NULL,
      libraries TEXT NOT NULL
    ) STRICT;

    CREATE TABLE template_settings (
      template_id TEXT PRIMARY KEY NOT NULL REFERENCES template (id) ON DELETE CASCADE,
      limits TEXT NOT NULL,
      resolver TEXT NOT NULL,
      runtime TEXT NOT NULL
    ) STRICT;

    CREATE TABLE template_capability (
      ordinal INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      template_id TEXT NOT NULL REFERENCES template (id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('module', 'global', 'fs', 'net', 'env')),
      name TEXT NOT NULL,
      enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
      config TEXT NOT NULL,
      UNIQUE (template_id, kind, name)
    ) STRICT;
    CREATE INDEX template_capability_by_template ON template_capability (template_id);

    CREATE TABLE template_startup_file (
      ordinal INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      template_id TEXT NOT NULL REFERENCES template (id) ON DELETE CASCADE,
      order_index INTEGER NOT NULL,
      mode TEXT NOT NULL CHECK (mode IN ('eval', 'import')),
      path TEXT NOT NULL
    ) STRICT;
    CREATE INDEX template_startup_file_by_order ON template_startup_file (template_id, order_index);

    -- template_id refers to nothing on purpose: a session outlives its template and keeps its policy.
    CREATE TABLE session (
      ordinal INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      template_id TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('starting', 'ready', 'crashed', 'closed')),
      created_at TEXT NOT NULL,
      closed_at TEXT,
      workspace_id TEXT NOT NULL,
      base_commit_oid TEXT NOT NULL,
      worktree_path TEXT NOT NULL,
      last_error TEXT,
      runtime_meta TEXT,
      policy TEXT NOT NULL
    ) STRICT;
    CREATE INDEX session_by_status ON session (status);
    CREATE INDEX session_id_by_status ON session (status, id);

    CREATE TABLE execution (
      ordinal INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('repl', 'run_file', 'startup')),
      status TEXT NOT NULL CHECK (status IN ('running', 'ok', 'error', 'timeout', 'cancelled')),
      started_at TEXT NOT NULL,
      ended_at TEXT,
      metrics TEXT NOT NULL,
      path TEXT,
      args TEXT NOT NULL,
      env TEXT NOT NULL,
      error TEXT,
      result TEXT,
      input TEXT
    ) STRICT;
    CREATE INDEX execution_by_session ON execution (session_id);
    CREATE INDEX execution_running ON execution (status) WHERE status = 'running';

    CREATE TABLE execution_event (
      execution_id TEXT NOT NULL REFERENCES execution (id) ON DELETE CASCADE,
      seq INTEGER NOT NULL CHECK (seq > 0),
      ts TEXT NOT NULL,
      type TEXT NOT NULL CHECK (
        type IN ('input_echo', 'console', 'value', 'exception', 'system', 'stdout', 'stderr')
      ),
      payload TEXT NOT NULL,
      PRIMARY KEY (execution_id, seq)
    ) STRICT, WITHOUT ROWID;
  `,
};
