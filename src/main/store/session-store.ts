/** Sessions in SQLite: what a session is and the policy it runs under. Whether it is alive here and now is not known here. */
import type { Database, Statement } from 'better-sqlite3';
import * as z from 'zod';
import type { SessionRecord, SessionStore } from '#core/ports';
import { VmError } from '#core/vm-error';
import { policySchema } from '#shared/contract/policy';
import { type Session, type SessionStatus, sessionSchema } from '#shared/contract/session';
import { jsonColumn, parseRow, type Row, toJsonColumn } from './row.ts';
import { withStoreErrors } from './sqlite-error.ts';
import { commitSoon } from './transaction.ts';

const columns = `id, template_id AS vm_id, workspace_id, base_commit_oid, worktree_path, status, created_at, closed_at,
  last_error, runtime_meta, policy_hash, template_version`;
const newestFirst = 'ORDER BY ordinal DESC';

const sessionRow = sessionSchema.omit({ policy: true }).extend({
  runtime_meta: jsonColumn(sessionSchema.shape.runtime_meta).optional(),
  policy_hash: z.string().optional(),
  template_version: z.int().optional(),
});
const recordRow = sessionRow.extend({ policy: jsonColumn(policySchema) });

export class SqliteSessionStore implements SessionStore {
  readonly #database: Database;
  readonly #insert: Statement;
  readonly #find: Statement<[string], Row>;
  readonly #list: Statement<[], Row>;
  readonly #listByStatus: Statement<[SessionStatus], Row>;
  readonly #listIds: Statement<[SessionStatus], string>;
  readonly #update: Statement;
  readonly #crashStarting: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare(`
      INSERT INTO session (id, template_id, workspace_id, base_commit_oid, worktree_path, status, created_at, closed_at,
        last_error, runtime_meta, policy_hash, template_version, policy)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#find = database.prepare(`SELECT ${columns}, policy FROM session WHERE id = ?`);
    this.#list = database.prepare(`SELECT ${columns} FROM session ${newestFirst}`);
    this.#listByStatus = database.prepare(`SELECT ${columns} FROM session WHERE status = ? ${newestFirst}`);
    this.#listIds = database
      .prepare<[SessionStatus], string>('SELECT id FROM session WHERE status = ? ORDER BY id')
      .pluck();
    this.#update = database.prepare(
      'UPDATE session SET status = ?, closed_at = ?, last_error = ?, runtime_meta = ? WHERE id = ?',
    );
    this.#crashStarting = database.prepare(
      "UPDATE session SET status = 'crashed', last_error = ? WHERE status = 'starting'",
    );
  }

  /** Does not wait for the disk: a caller is answered after `update`, which waits and takes this row to the disk as well. */
  async insert(record: SessionRecord): Promise<void> {
    this.#attempt(() => commitSoon(this.#database, () => this.#insert.run(toRow(record))));
  }

  async find(id: string): Promise<SessionRecord | undefined> {
    const row = this.#attempt(() => this.#find.get(id));
    if (row === undefined) return undefined;
    const { policy, ...session } = parseRow(recordRow, row, { table: 'session', id });
    return { session: toSession(session), policy };
  }

  async list(status?: SessionStatus): Promise<Session[]> {
    const rows = this.#attempt(() => (status === undefined ? this.#list.all() : this.#listByStatus.all(status)));
    return rows.map((row) => toSession(parseRow(sessionRow, row, { table: 'session', id: row.id })));
  }

  async listIds(status: SessionStatus): Promise<string[]> {
    return this.#attempt(() => this.#listIds.all(status));
  }

  async update({ id, status, closed_at, last_error, runtime_meta }: Session): Promise<void> {
    const meta = toJsonColumn(runtime_meta);
    const { changes } = this.#attempt(() => this.#update.run(status, closed_at ?? null, last_error ?? null, meta, id));
    if (changes === 0)
      throw new VmError('SESSION_NOT_FOUND', `There is no session ${id}.`, { details: { session_id: id } });
  }

  async crashStarting(lastError: string): Promise<number> {
    return this.#attempt(() => this.#crashStarting.run(lastError)).changes;
  }

  #attempt<Result>(work: () => Result): Result {
    return withStoreErrors(this.#database, work);
  }
}

/** In the order of the insert. */
function toRow({ session, policy }: SessionRecord): unknown[] {
  return [
    session.id,
    session.vm_id,
    session.workspace_id,
    session.base_commit_oid,
    session.worktree_path,
    session.status,
    session.created_at,
    session.closed_at ?? null,
    session.last_error ?? null,
    toJsonColumn(session.runtime_meta),
    session.policy?.hash ?? null,
    session.policy?.template_version ?? null,
    JSON.stringify(policy),
  ];
}

/** A session from before policies were hashed, whose own could not be read, has none to show. */
function toSession({ policy_hash: hash, template_version, ...session }: z.infer<typeof sessionRow>): Session {
  if (hash === undefined) return session;
  return { ...session, policy: { hash, ...(template_version === undefined ? {} : { template_version }) } };
}
