/**
 * How a change reaches the disk. The connection waits for the disk at every commit (`synchronous=FULL`), and this file is
 * the only one that relaxes it. Both kinds survive the death of the process; they differ in what a power cut takes.
 */
import type { Database } from 'better-sqlite3';

/** Commits `work` as one transaction that is on the disk when this returns. */
export function commitDurably<Result>(database: Database, work: () => Result): Result {
  return database.transaction(work).immediate();
}

/**
 * Commits `work` as one transaction without waiting for the disk: for what a later durable commit completes, such as the
 * events of an execution that has yet to end. That commit brings everything before it to the disk as well.
 */
export function commitSoon<Result>(database: Database, work: () => Result): Result {
  // Not by pragma(), which prepares a statement each time: this is eight times faster and runs for every batch of events.
  database.exec('PRAGMA synchronous = NORMAL');
  try {
    return database.transaction(work).immediate();
  } finally {
    database.exec('PRAGMA synchronous = FULL');
  }
}
