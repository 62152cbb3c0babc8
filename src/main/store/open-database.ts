/**
 * Opens the one database of a host and closes it again. It owns every setting of the connection and reads each one back,
 * because SQLite ignores what it does not know or cannot do. A file of somebody else is refused before anything is
 * written to it.
 */
import { lstatSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { VmError } from '#core/vm-error';
import { migrate } from './migrate.ts';
import { createPrivateFile } from './private-file.ts';
import { withStoreErrors } from './sqlite-error.ts';

/** Path of a database that lives and dies with its connection. */
export const inMemory = ':memory:';

/** Marks a file as ours, for us and for the `file` command: "vmsy". */
export const applicationId = 0x766d7379;

/** A program that locks us out is waited for this long; the whole host waits with it. */
const busyTimeoutMs = 1000;

/** In this order: switching to WAL sets `synchronous` anew, to a value that better-sqlite3 is compiled with. */
const settings: Readonly<Record<string, string | number>> = {
  journal_mode: 'wal',
  /** FULL. */
  synchronous: 2,
  foreign_keys: 1,
  wal_autocheckpoint: 1000,
  journal_size_limit: 64 * 1024 * 1024,
  trusted_schema: 0,
  cell_size_check: 1,
  /** On macOS, fsync alone does not reach the disk. */
  checkpoint_fullfsync: 1,
};

/** Opens the database, creates it where there is none, and brings it to the schema of this program. */
export function openDatabase(path: string): Database {
  const name = path === inMemory ? path : createPrivateFile(path);
  refuseRollback(name);
  return withStoreErrors({ name }, () => {
    const database = new Sqlite(name, { timeout: busyTimeoutMs });
    try {
      claim(database);
      configure(database);
      migrate(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Moves the log into the database file and closes it. May be called twice. */
export function closeDatabase(database: Database): void {
  if (!database.open) return;
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // Nothing is lost where the disk is full: the log stays beside the database and is read when it is opened next.
  } finally {
    database.close();
  }
}

function claim(database: Database): void {
  const owner = database.pragma('application_id', { simple: true });
  if (owner === applicationId) return;
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (owner !== 0 || !isEmpty) throw belongsToOthers(database);
  database.pragma(`application_id = ${applicationId}`);
}

function configure(database: Database): void {
  for (const [setting, value] of Object.entries(settings)) {
    // A database in memory has no log to write ahead.
    const wanted = setting === 'journal_mode' && database.memory ? 'memory' : value;
    database.pragma(`${setting} = ${wanted}`);
    const found = database.pragma(setting, { simple: true });
    if (found !== wanted) throw refusesSetting(database, `${setting} is ${found} and not ${wanted}`);
  }
}

/**
 * SQLite would roll back whatever it finds beside a database, into it: one page after the other of somebody's choice. A
 * host leaves no such journal, for it writes ahead; only its very first moment does, when there is nothing to lose.
 */
function refuseRollback(name: string): void {
  const journal = `${name}-journal`;
  if (name === inMemory || lstatSync(journal, { throwIfNoEntry: false }) === undefined) return;
  throw new VmError(
    'STORE_WRITE_FAILED',
    `Beside the database ${name} is a rollback journal, ${journal}, which no vm-system host leaves there: it would ` +
      'overwrite the database. Nothing was read of it. Move it away, after finding out who put it there, and start again.',
    { details: { database: name, journal } },
  );
}

function belongsToOthers(database: Database): VmError {
  return new VmError(
    'STORE_WRITE_FAILED',
    `The file ${database.name} is a database of another application and was left as it is. Choose another database.`,
    { details: { database: database.name } },
  );
}

function refusesSetting(database: Database, reason: string): VmError {
  return new VmError(
    'STORE_WRITE_FAILED',
    `The database ${database.name} cannot be kept safe where it is: ${reason}. Choose a database on a local disk.`,
    { details: { database: database.name } },
  );
}
