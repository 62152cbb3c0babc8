/**
 * Executions and their events in SQLite. The end of an execution is the promise this store makes: it waits for the disk,
 * and everything the execution did before comes with it. Its begin and its events do not wait (measured: a quarter less
 * for a short execution where the disk answers in 0.1 ms, half where it takes milliseconds).
 */
import type { Database, Statement } from 'better-sqlite3';
import type { EventPage, ExecutionStore } from '#core/ports';
import { VmError } from '#core/vm-error';
import type { ExecutionEvent } from '#shared/contract/event';
import { type Execution, type ExecutionStatus, executionSchema } from '#shared/contract/execution';
import { EventTable } from './event-table.ts';
import { jsonColumn, parseRow, type Row, toJsonColumn } from './row.ts';
import { withStoreErrors } from './sqlite-error.ts';
import { commitDurably, commitSoon } from './transaction.ts';

const columns =
  'id, session_id, kind, input, path, args, env, status, started_at, ended_at, result, error, metrics, cell';

const { args, env, result, error, metrics } = executionSchema.shape;
const executionRow = executionSchema.omit({ events: true }).extend({
  args: jsonColumn(args),
  env: jsonColumn(env),
  result: jsonColumn(result).optional(),
  error: jsonColumn(error).optional(),
  metrics: jsonColumn(metrics),
});

export class SqliteExecutionStore implements ExecutionStore {
  readonly #database: Database;
  readonly #events: EventTable;
  readonly #begin: Statement;
  readonly #finish: Statement;
  readonly #find: Statement<[string], Row>;
  readonly #statusOf: Statement<[string], ExecutionStatus>;
  readonly #list: Statement<[string, number], Row>;
  readonly #lastCell: Statement<[string], number | null>;
  readonly #interruptRunning: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#events = new EventTable(database);
    this.#begin = database.prepare(`INSERT INTO execution (${columns}) VALUES (${Array(14).fill('?').join(', ')})`);
    this.#finish = database.prepare(
      'UPDATE execution SET status = ?, ended_at = ?, result = ?, error = ?, metrics = ? WHERE id = ?',
    );
    this.#find = database.prepare(`SELECT ${columns} FROM execution WHERE id = ?`);
    this.#statusOf = database.prepare<[string], ExecutionStatus>('SELECT status FROM execution WHERE id = ?').pluck();
    this.#list = database.prepare(
      `SELECT ${columns} FROM execution WHERE session_id = ? ORDER BY ordinal DESC LIMIT ?`,
    );
    this.#lastCell = database
      .prepare<[string], number | null>('SELECT max(cell) FROM execution WHERE session_id = ? AND cell IS NOT NULL')
      .pluck();
    this.#interruptRunning = database.prepare(`
      UPDATE execution
      SET status = 'error', ended_at = ?, error = ?, metrics = json_set(metrics, '$.events', (
        SELECT count(*) FROM execution_event WHERE execution_id = execution.id
      ))
      WHERE status = 'running'`);
  }

  async begin(execution: Execution, events: readonly ExecutionEvent[]): Promise<void> {
    this.#attempt(() =>
      commitSoon(this.#database, () => {
        this.#begin.run(toRow(execution));
        this.#events.insert(events);
      }),
    );
  }

  async append(events: readonly ExecutionEvent[]): Promise<void> {
    this.#attempt(() => commitSoon(this.#database, () => this.#events.insert(events)));
  }

  async finish(execution: Execution, events: readonly ExecutionEvent[]): Promise<void> {
    this.#attempt(() =>
      commitDurably(this.#database, () => {
        this.#end(execution);
        this.#events.insert(events);
      }),
    );
  }

  async find(id: string): Promise<Execution | undefined> {
    const row = this.#attempt(() => this.#find.get(id));
    return row && toExecution(row);
  }

  async statusOf(id: string): Promise<ExecutionStatus | undefined> {
    return this.#attempt(() => this.#statusOf.get(id));
  }

  async list(sessionId: string, limit: number): Promise<Execution[]> {
    return this.#attempt(() => collect(this.#list.iterate(sessionId, limit)));
  }

  async lastCell(sessionId: string): Promise<number> {
    return this.#attempt(() => this.#lastCell.get(sessionId)) ?? 0;
  }

  async events(executionId: string, afterSeq: number, page: EventPage): Promise<ExecutionEvent[]> {
    return this.#attempt(() => this.#events.after(executionId, afterSeq, page));
  }

  async interruptRunning(message: string, endedAt: string): Promise<number> {
    const exception = JSON.stringify({ message, stack: '' });
    return this.#attempt(() => this.#interruptRunning.run(endedAt, exception)).changes;
  }

  #end({ id, status, ended_at, result, error, metrics }: Execution): void {
    const { changes } = this.#finish.run(
      status,
      ended_at ?? null,
      toJsonColumn(result),
      toJsonColumn(error),
      toJsonColumn(metrics),
      id,
    );
    if (changes === 0) throw notBegun(id);
  }

  #attempt<Result>(work: () => Result): Result {
    return withStoreErrors(this.#database, work);
  }
}

/** What one list may hold in memory: inputs and arguments can be megabytes each. */
const maxListBytes = 64 * 1024 * 1024;

/** Row by row, so that what is too large is refused before it is all in memory. */
function collect(rows: Iterable<Row>): Execution[] {
  const executions: Execution[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += textLength(row);
    if (bytes > maxListBytes) throw tooLarge(executions.length);
    executions.push(toExecution(row));
  }
  return executions;
}

function textLength(row: Row): number {
  return Object.values(row).reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}

function tooLarge(count: number): VmError {
  const message = `The executions asked for are too large for one answer. Ask for fewer: limit=${Math.max(1, count)} works.`;
  return new VmError('PAYLOAD_TOO_LARGE', message, { details: { limit: Math.max(1, count) } });
}

/** In the order of `columns`. */
function toRow(execution: Execution): unknown[] {
  return [
    execution.id,
    execution.session_id,
    execution.kind,
    execution.input ?? null,
    execution.path ?? null,
    JSON.stringify(execution.args),
    JSON.stringify(execution.env),
    execution.status,
    execution.started_at,
    execution.ended_at ?? null,
    toJsonColumn(execution.result),
    toJsonColumn(execution.error),
    JSON.stringify(execution.metrics),
    execution.cell ?? null,
  ];
}

function toExecution(row: Row): Execution {
  return parseRow(executionRow, row, { table: 'execution', id: row.id });
}

function notBegun(id: string): VmError {
  return new VmError('EXECUTION_NOT_FOUND', `There is no execution ${id} to end.`, { details: { execution_id: id } });
}
