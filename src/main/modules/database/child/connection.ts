/**
 * One database, opened so that SQL of strangers can be run: no other file, no code, bounded in everything SQLite can
 * bound. What it cannot bound, time and memory, is up to who can end the process.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { inMemory, type OpenOrder, type StatementOrder, type StatementResult } from '../protocol.ts';
import { checkOpened } from './opened-file.ts';
import { refuseParameters, valuesFor } from './parameter-values.ts';
import { Refusal } from './refusal.ts';
import { ResultWriter } from './result-writer.ts';
import { StatementGuard } from './statement-guard.ts';

const mebibyte = 1024 * 1024;
const maxFileBytes = 1024 * mebibyte;
/** Below what may be resident, so that a database in memory is full before its process is ended. */
const maxMemoryBytes = 192 * mebibyte;

const limits = {
  attach: 0,
  length: 32 * mebibyte,
  sqlLength: 4 * mebibyte,
  exprDepth: 500,
  vdbeOp: 5_000_000,
  triggerDepth: 50,
  likePatternLength: 10_000,
};

export class Connection {
  readonly #database: DatabaseSync;
  readonly #guard = new StatementGuard();
  readonly #order: OpenOrder;
  readonly #totalChanges: StatementSync;

  constructor(order: OpenOrder) {
    this.#order = order;
    this.#database = openSafely(order);
    this.#totalChanges = this.#database.prepare('SELECT total_changes() AS changes');
    this.#database.setAuthorizer(this.#guard.authorize);
  }

  run(order: StatementOrder): StatementResult {
    this.#guard.begin();
    try {
      return order.kind === 'query' ? this.#query(order) : this.#exec(order);
    } catch (error) {
      throw this.#guard.denied === undefined ? error : deniedRefusal(this.#guard.denied);
    }
  }

  #query(order: StatementOrder): StatementResult {
    const statement = this.#prepare(order.sql);
    const writer = new ResultWriter(
      statement.columns().map(({ name }) => name),
      this.#order,
    );
    const [named, listed] = valuesFor(order);
    for (const row of statement.iterate(named, ...listed)) writer.add(valuesOf(row));
    return writer.finish();
  }

  /** A script of statements where there are no parameters, and one statement where there are. */
  #exec(order: StatementOrder): StatementResult {
    const before = Number(this.#totalChanges.get()?.changes);
    if (isScript(order)) this.#runScript(order.sql);
    else this.#runOne(order);
    return this.#query({
      kind: 'query',
      sql: 'SELECT total_changes() - ? AS changes, last_insert_rowid() AS lastInsertRowid',
      parameters: [before],
    });
  }

  #runScript(sql: string): void {
    refuseParameters(sql);
    this.#database.exec(sql);
  }

  #runOne(order: StatementOrder): void {
    const statement = this.#prepare(order.sql);
    const [named, listed] = valuesFor(order);
    statement.run(named, ...listed);
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    if (!/^(?:[\s;]|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$))*$/.test(sql.slice(statement.sourceSQL.length))) {
      throw new Refusal('Only one statement can be run at a time here; exec(sql) without parameters runs several', {
        code: 'ERR_SQLITE_ERROR',
      });
    }
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    statement.setAllowBareNamedParameters(false);
    return statement;
  }
}

function openSafely({ file, identity, readOnly, busyTimeoutMs: timeout }: OpenOrder): DatabaseSync {
  const isFile = file !== inMemory;
  const database = new DatabaseSync(file, { readOnly: readOnly && isFile, defensive: true, timeout, limits });
  if (isFile) checkOpened({ file, identity });
  const { page_size: pageBytes = 4096 } = database.prepare('PRAGMA page_size').get() ?? {};
  const pages = (bytes: number) => Math.floor(bytes / Number(pageBytes));
  database.exec(`
    PRAGMA trusted_schema = 0;
    PRAGMA cell_size_check = 1;
    PRAGMA temp_store = MEMORY;
    PRAGMA main.max_page_count = ${pages(isFile ? maxFileBytes : maxMemoryBytes)};
    PRAGMA temp.max_page_count = ${pages(maxMemoryBytes)};
  `);
  return database;
}

/** Rows come as arrays, so that columns of one name do not hide each other while they are counted. */
function valuesOf(row: unknown): StatementValues {
  if (!Array.isArray(row)) throw new Error('node:sqlite gave a row that is no array');
  return row;
}
type StatementValues = Parameters<ResultWriter['add']>[0];

function isScript({ parameters, names }: StatementOrder): boolean {
  return parameters.length === 0 && names === undefined;
}

function deniedRefusal(what: string): Refusal {
  return new Refusal(`${what} is not allowed: SQL of a session reaches its one database and nothing else`, {
    code: 'SQL_NOT_ALLOWED',
  });
}
