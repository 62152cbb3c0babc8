import { describe, expect, it } from 'vitest';
import { migrate, migrations, schemaVersion } from '#main/store/migrate';
import type { Migration } from '#main/store/migration';
import { databaseAt } from './migrations/database-at.ts';
import { storeRefusal } from './store-refusal.ts';

const newest = migrations.length;
const next: Migration = { version: newest + 1, sql: "CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('one')" };

describe('migrate', () => {
  it('runs only the steps that are missing', () => {
    const database = databaseAt(newest);
    migrate(database, [...migrations, next]);
    migrate(database, [...migrations, next]);
    expect(schemaVersion(database)).toBe(next.version);
    expect(database.prepare('SELECT text FROM note').pluck().all()).toEqual(['one']);
  });

  it('leaves the database at the last whole step where one fails', () => {
    const database = databaseAt(newest);
    const broken: Migration = {
      version: newest + 2,
      sql: "INSERT INTO note VALUES ('two'); INSERT INTO nowhere VALUES (1)",
    };
    expect(() => migrate(database, [...migrations, next, broken])).toThrow('no such table: nowhere');
    expect(schemaVersion(database)).toBe(next.version);
    expect(database.prepare('SELECT text FROM note').pluck().all()).toEqual(['one']);
  });

  it('refuses a database from the future and says both versions', () => {
    const database = databaseAt(newest);
    database.pragma(`user_version = ${newest + 5}`);
    expect(() => migrate(database)).toThrow(
      storeRefusal(':memory:', `schema version ${newest + 5}`, `up to ${newest}`, 'Update vm-system'),
    );
    expect(schemaVersion(database)).toBe(newest + 5);
  });

  it.each([
    ['out of order', [next, ...migrations]],
    ['with a gap', [...migrations, { ...next, version: newest + 2 }]],
    ['twice', [...migrations, ...migrations]],
  ])('refuses steps that are numbered %s, before it runs any', (_, steps) => {
    const database = databaseAt(0);
    expect(() => migrate(database, steps)).toThrow('out of place');
    expect(schemaVersion(database)).toBe(0);
  });
});
