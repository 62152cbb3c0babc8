/**
 * One host per database. The truth is a lock that the kernel holds on a file of its own, `<database>.lock`, and drops by
 * itself however the process dies; SQLite takes it, on every platform. The JSON file beside it only names the holder for
 * the refusal that others get, and may be stale. Nobody may open the lock file by other means: closing it would drop the
 * lock. It is never deleted either, or two hosts could hold two files of one name.
 */
import { readFileSync, rmSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import * as z from 'zod';
import { VmError } from '#core/vm-error';
import { inMemory } from './open-database.ts';
import { createPrivateFile, replacePrivateFile } from './private-file.ts';
import { withStoreErrors } from './sqlite-error.ts';

const ownerSchema = z.object({ pid: z.int(), address: z.string().optional() });
/** Who holds a database; the address is there once the host listens. */
export type DatabaseOwner = z.infer<typeof ownerSchema>;

/** Keep it as long as the database is open: a lock that is garbage collected is gone. */
export interface DatabaseLock {
  /** Tells others where this host listens. */
  announce(address: string | undefined): void;
  /** Lets others in. May be called twice. */
  release(): void;
}

/** Takes the database for this process, or refuses with the holder's pid and address. */
export function holdDatabase(path: string, owner: DatabaseOwner): DatabaseLock {
  if (path === inMemory) return { announce: () => undefined, release: () => undefined };
  const database = createPrivateFile(path);
  const connection = takeLock(database);
  const lock = lockBy(connection, { card: ownerCard(database), owner });
  try {
    lock.announce(owner.address);
    return lock;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function lockBy(connection: Database, { card, owner }: { card: string; owner: DatabaseOwner }): DatabaseLock {
  return {
    announce: (address) => replacePrivateFile(card, JSON.stringify({ ...owner, address })),
    release: () => {
      if (!connection.open) return;
      // The card goes first: once the lock is free, a card in this place is the successor's.
      discard(card);
      connection.close();
    },
  };
}

function takeLock(database: string): Database {
  const file = createPrivateFile(`${database}.lock`);
  return withStoreErrors({ name: file }, () => {
    const connection = new Sqlite(file, { timeout: 0 });
    try {
      connection.exec('BEGIN EXCLUSIVE');
      return connection;
    } catch (error) {
      connection.close();
      throw isBusy(error) ? heldByOther(database) : error;
    }
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function heldByOther(database: string): VmError {
  const owner = readOwner(ownerCard(database));
  const holder = owner ? `pid ${owner.pid}, ${owner.address ?? 'not listening yet'}` : 'it has not said which';
  return new VmError(
    'STORE_WRITE_FAILED',
    `The database ${database} is held by another vm-system host (${holder}). ` +
      'Use that one, stop it, or choose another database.',
    { details: { database, ...owner } },
  );
}

function ownerCard(database: string): string {
  return `${database}.owner.json`;
}

function readOwner(card: string): DatabaseOwner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(card, 'utf8')));
  } catch {
    // The holder is about to write it, or could not: the lock counts, not the card.
    return undefined;
  }
}

function discard(card: string): void {
  try {
    rmSync(card, { force: true });
  } catch {
    // A card without a lock behind it misleads nobody, and the next holder replaces it.
  }
}
