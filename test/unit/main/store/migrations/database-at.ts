/**
 * The database as it was before a migration, for the test of that migration: put rows of that day into `databaseAt(3)`,
 * run `migrate`, and compare what migration 4 made of them.
 */
import Sqlite, { type Database } from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { migrate, migrations } from '#main/store/migrate';

/** A database in memory at that version of the schema, with foreign keys on, closed when the test is over. */
export function databaseAt(version: number): Database {
  const database = new Sqlite(':memory:');
  onTestFinished(() => {
    database.close();
  });
  database.pragma('foreign_keys = ON');
  migrate(database, migrations.slice(0, version));
  return database;
}
