/**
 * 50,000 console.log calls in one execution, stored, against inserting the very same rows with better-sqlite3 into the
 * same schema with the same settings. The rows lie ready as text, so the reference pays for SQLite alone.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { SqliteExecutionStore } from '#main/store/execution-store';
import { closeDatabase, openDatabase } from '#main/store/open-database';
import { SqliteSessionStore } from '#main/store/session-store';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import type { Session } from '#shared/contract/session';
import { defaultSettings } from '#shared/contract/template';
import type { BuiltHost } from './built-host.ts';
import { printRatio, printResult, printTitle } from './report.ts';
import { type Result, takeTurns, timed } from './rounds.ts';

const rounds = 5;
const lines = 50_000;
const source = `for (let i = 0; i < ${lines}; i += 1) console.log('line ' + i)`;
/** As the product sends them from its workers. */
const batchRows = 256;

type EventRow = readonly [seq: number, ts: string, type: string, payload: string];

export async function measureConsoleFlood(host: BuiltHost, folder: string): Promise<void> {
  const limits = { cpu_ms: 60_000, wall_ms: 60_000, max_events: 1_000_000, max_output_kb: 65_536 };
  const session = await host.session(await host.template('console flood', limits));
  const sample = await host.start(session, source);
  await host.ended(sample);
  const events = await host.client.call<ExecutionEvent[]>({ method: 'GET', path: `/executions/${sample.id}/events` });
  const database = openDatabase(join(folder, 'direct.db'));
  const inserts = await DirectInserts.into(database, { session, execution: sample, events });
  const contestants = [
    { name: 'execution stored', measure: () => timed(async () => host.ended(await host.start(session, source))) },
    { name: 'the same, reply with all events', measure: () => timed(() => host.repl(session, source)) },
    { name: `inserts, ${batchRows} a transaction`, measure: () => inserts.measure(batchRows) },
    { name: 'inserts, one transaction', measure: () => inserts.measure(events.length) },
  ];
  const results = await takeTurns(contestants, rounds);
  closeDatabase(database);
  await host.closeSession(session);
  report(results, events.length);
}

function report([stored, replied, batched, single]: readonly Result[], rows: number): void {
  if (stored === undefined || replied === undefined || batched === undefined || single === undefined) return;
  printTitle(`2. ${lines.toLocaleString('en')} console.log calls in one execution (${rows.toLocaleString('en')} rows)`);
  for (const result of [stored, replied, batched, single]) printResult(result);
  printRatio({ product: stored, reference: batched, aim: 3 });
  printRatio({ product: stored, reference: single });
  printRatio({ product: replied, reference: batched });
}

/** One prepared statement, one row each: how anybody would write it down first. */
class DirectInserts {
  readonly #database: Database;
  readonly #store: SqliteExecutionStore;
  readonly #execution: Execution;
  readonly #rows: readonly EventRow[];

  private constructor(database: Database, execution: Execution, rows: readonly EventRow[]) {
    this.#database = database;
    this.#store = new SqliteExecutionStore(database);
    this.#execution = execution;
    this.#rows = rows;
  }

  static async into(
    database: Database,
    { session, execution, events }: { session: Session; execution: Execution; events: readonly ExecutionEvent[] },
  ): Promise<DirectInserts> {
    const policy = { template_name: 'bench', engine: 'quickjs', settings: defaultSettings } as const;
    const nothing = { modules: [], libraries: [], capabilities: [], startup_files: [] };
    await new SqliteSessionStore(database).insert({ session, policy: { ...policy, ...nothing } });
    const rows = events.map(({ seq, ts, type, payload }) => [seq, ts, type, JSON.stringify(payload)] as const);
    return new DirectInserts(database, execution, rows);
  }

  /** Inserts all rows for a new execution. */
  async measure(rowsPerTransaction: number): Promise<number> {
    const id = randomUUID();
    await this.#store.begin({ ...this.#execution, id }, []);
    return timed(async () => this.#insert(id, rowsPerTransaction));
  }

  #insert(id: string, rowsPerTransaction: number): void {
    const statement = this.#database.prepare(
      'INSERT INTO execution_event (execution_id, seq, ts, type, payload) VALUES (?, ?, ?, ?, ?)',
    );
    const insertBatch = this.#database.transaction((rows: readonly EventRow[]) => {
      for (const row of rows) statement.run(id, ...row);
    });
    for (let start = 0; start < this.#rows.length; start += rowsPerTransaction) {
      insertBatch(this.#rows.slice(start, start + rowsPerTransaction));
    }
  }
}
