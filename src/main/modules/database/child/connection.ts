/**
 * One database, opened so that SQL of strangers can be run: no other file, no code, bounded in everything SQLite can
 * bound. What it cannot bound, time and memory, is up to who can end the process.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import {
  inMemory,
  type OpenOrder,
  type StatementOrder,
  type StatementResult,
  type TransactionOrder,
  type TransactionState,
} from '../protocol.ts';
import { checkInPlace, checkOpened } from './opened-file.ts';
import { refuseParameters, valuesFor } from './parameter-values.ts';
import { Refusal } from './refusal.ts';
import { ResultWriter } from './result-writer.ts';
import { StatementGuard } from './statement-guard.ts';

const mebibyte = 1024 * 1024;
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
  /** Whether the open transaction is one of `db.transaction`. */
  #isScoped = false;

  constructor(order: OpenOrder) {
    this.#order = order;
    this.#database = openSafely(order);
    this.#totalChanges = this.#database.prepare('SELECT total_changes() AS changes');
    this.#database.setAuthorizer(this.#guard.authorize);
  }

  get transaction(): TransactionState {
    if (!this.#database.isTransaction) return 'none';
    return this.#isScoped ? 'scoped' : 'manual';
  }

  run(order: StatementOrder | TransactionOrder): StatementResult {
    if (this.#order.file !== inMemory) checkInPlace(this.#order);
    this.#guard.begin();
    try {
      return this.#resultOf(order);
    } catch (error) {
      throw this.#guard.denied === undefined ? error : deniedRefusal(this.#guard.denied);
    } finally {
      this.#isScoped &&= this.#database.isTransaction;
    }
  }

  #resultOf(order: StatementOrder | TransactionOrder): StatementResult {
    if (order.kind === 'query') return this.#query(order);
    if (order.kind === 'exec') return this.#exec(order);
    this.#database.exec(order.kind);
    if (order.kind === 'begin') this.#isScoped = true;
    return { json: 'null' };
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

function openSafely(order: OpenOrder): DatabaseSync {
  const isFile = order.file !== inMemory;
  const database = isFile ? openFile(order) : new DatabaseSync(order.file, optionsOf(order));
  const { page_size: pageBytes = 4096 } = database.prepare('PRAGMA page_size').get() ?? {};
  const pages = (bytes: number) => Math.max(1, Math.floor(bytes / Number(pageBytes)));
  database.exec(`
    PRAGMA trusted_schema = 0;
    PRAGMA cell_size_check = 1;
    PRAGMA temp_store = MEMORY;
    PRAGMA main.max_page_count = ${pages(isFile ? order.maxFileBytes : maxMemoryBytes)};
    PRAGMA temp.max_page_count = ${pages(maxMemoryBytes)};
  `);
  return database;
}

/** Never makes a file: by its path that could be anywhere by now. The host has made it. */
function openFile(order: OpenOrder): DatabaseSync {
  const url = pathToFileURL(order.file);
  url.searchParams.set('mode', order.readOnly ? 'ro' : 'rw');
  const database = new DatabaseSync(url, optionsOf(order));
  checkOpened(order);
  checkInPlace(order);
  if (!order.readOnly) leaveWriteAheadLog(database);
  return database;
}

function optionsOf({ file, readOnly, busyTimeoutMs }: OpenOrder) {
  return { readOnly: readOnly && file !== inMemory, defensive: true, timeout: busyTimeoutMs, limits };
}

/** A log grows with every page that one transaction writes, again and again; a rollback journal is bounded by the file. */
function leaveWriteAheadLog(database: DatabaseSync): void {
  const { journal_mode: mode } = database.prepare('PRAGMA journal_mode').get() ?? {};
  if (mode === 'wal') database.exec('PRAGMA journal_mode = DELETE');
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
