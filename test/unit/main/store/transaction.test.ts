import type { Database } from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closeDatabase, inMemory, openDatabase } from '#main/store/open-database';
import { commitDurably, commitSoon } from '#main/store/transaction';

const normal = 1;
const full = 2;

function open(): Database {
  const database = openDatabase(inMemory);
  onTestFinished(() => closeDatabase(database));
  return database.exec('CREATE TABLE note (text TEXT)');
}
const synchronous = (database: Database) => database.pragma('synchronous', { simple: true });
const notes = (database: Database) => database.prepare('SELECT text FROM note').pluck().all();
const refuse = () => {
  throw new Error('refused');
};

describe.each([
  ['commitDurably', commitDurably, full],
  ['commitSoon', commitSoon, normal],
])('%s', (_, commit, level) => {
  it('commits the work as one and returns what it returns', () => {
    const database = open();
    const result = commit(database, () => database.prepare("INSERT INTO note VALUES ('a'), ('b')").run().changes);
    expect([result, notes(database)]).toEqual([2, ['a', 'b']]);
  });

  it('takes everything back where the work throws', () => {
    const database = open();
    const work = () => {
      database.exec("INSERT INTO note VALUES ('a')");
      refuse();
    };
    expect(() => commit(database, work)).toThrow('refused');
    expect([database.inTransaction, notes(database)]).toEqual([false, []]);
  });

  it('waits for the disk as promised, and leaves the connection waiting', () => {
    const database = open();
    expect(commit(database, () => synchronous(database))).toBe(level);
    expect(synchronous(database)).toBe(full);
    expect(() => commit(database, refuse)).toThrow('refused');
    expect(synchronous(database)).toBe(full);
  });
});
