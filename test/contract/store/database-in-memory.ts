/** A database with the real schema for one test, closed when the test is over. */
import type { Database } from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { closeDatabase, inMemory, openDatabase } from '#main/store/open-database';

export function databaseInMemory(): Database {
  const database = openDatabase(inMemory);
  onTestFinished(() => closeDatabase(database));
  return database;
}
