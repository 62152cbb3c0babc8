/** Long work in SQLite: a row when it begins, the same row when it ends. */
import type { Database, Statement } from 'better-sqlite3';
import type { OperationStore } from '#core/ports';
import { type Operation, operationSchema } from '#shared/contract/operation';
import { jsonColumn, parseRow, type Row, toJsonColumn } from './row.ts';
import { withStoreErrors } from './sqlite-error.ts';
import { commitDurably } from './transaction.ts';

const columns = 'id, kind, subject, status, progress, started_at, ended_at, result, error';

const { progress, result, error } = operationSchema.shape;
const operationRow = operationSchema.extend({
  progress: jsonColumn(progress),
  result: jsonColumn(result).optional(),
  error: jsonColumn(error).optional(),
});

export class SqliteOperationStore implements OperationStore {
  readonly #database: Database;
  readonly #insert: Statement;
  readonly #finish: Statement;
  readonly #find: Statement<[string], Row>;
  readonly #list: Statement<[], Row>;
  readonly #interruptRunning: Statement;
  readonly #prune: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare(
      `INSERT INTO operation (${columns})
       VALUES (@id, @kind, @subject, @status, @progress, @started_at, @ended_at, @result, @error)`,
    );
    this.#finish = database.prepare(
      `UPDATE operation
       SET status = @status, progress = @progress, ended_at = @ended_at, result = @result, error = @error
       WHERE id = @id`,
    );
    this.#find = database.prepare(`SELECT ${columns} FROM operation WHERE id = ?`);
    this.#list = database.prepare(`SELECT ${columns} FROM operation ORDER BY ordinal DESC`);
    this.#interruptRunning = database.prepare(
      `UPDATE operation SET status = 'error', ended_at = ?, error = ? WHERE status = 'running'`,
    );
    this.#prune = database.prepare(
      `DELETE FROM operation
       WHERE status <> 'running' AND ordinal <= (
         SELECT ordinal FROM operation WHERE status <> 'running' ORDER BY ordinal DESC LIMIT 1 OFFSET ?
       )`,
    );
  }

  async insert(operation: Operation): Promise<void> {
    this.#change(() => this.#insert.run(toRow(operation)));
  }

  async finish(operation: Operation): Promise<void> {
    this.#change(() => this.#finish.run(toRow(operation)));
  }

  async find(id: string): Promise<Operation | undefined> {
    const row = this.#attempt(() => this.#find.get(id));
    return row && toOperation(row);
  }

  async list(): Promise<Operation[]> {
    return this.#attempt(() => this.#list.all()).map(toOperation);
  }

  async interruptRunning(message: string, endedAt: string): Promise<number> {
    return this.#change(() => this.#interruptRunning.run(endedAt, JSON.stringify({ message }))).changes;
  }

  async prune(keptCount: number): Promise<number> {
    return this.#change(() => this.#prune.run(keptCount)).changes;
  }

  #change<Result>(work: () => Result): Result {
    return this.#attempt(() => commitDurably(this.#database, work));
  }

  #attempt<Result>(work: () => Result): Result {
    return withStoreErrors(this.#database, work);
  }
}

function toRow(operation: Operation): Row {
  return {
    ...operation,
    progress: JSON.stringify(operation.progress),
    ended_at: operation.ended_at ?? null,
    result: toJsonColumn(operation.result),
    error: toJsonColumn(operation.error),
  };
}

function toOperation(row: Row): Operation {
  return parseRow(operationRow, row, { table: 'operation', id: row.id });
}
