import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { applicationId, closeDatabase, inMemory, openDatabase } from '#main/store/open-database';
import { SqliteTemplateStore } from '#main/store/template-store';
import { journalOf } from '../../../support/hot-journal.ts';
import { sampleRevision, sampleTemplate } from '../../../support/sample-records.ts';
import { temporaryFolder } from '../../../support/temp-dir.ts';
import { storeRefusal } from './store-refusal.ts';

const read = (database: Sqlite.Database, pragma: string) => database.pragma(pragma, { simple: true });

function open(path: string): Sqlite.Database {
  const database = openDatabase(path);
  onTestFinished(() => closeDatabase(database));
  return database;
}

describe('openDatabase', () => {
  it('creates a database that only its user may read, in a folder that only its user may enter', async () => {
    const path = join(temporaryFolder(), 'new', 'vm.db');
    await new SqliteTemplateStore(open(path)).insert(sampleRevision());
    const permissions = [join(path, '..'), path, `${path}-wal`, `${path}-shm`].map(
      (each) => statSync(each).mode & 0o777,
    );
    expect(permissions).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  it('keeps the settings that keep data safe, also after the first write', async () => {
    const database = open(join(temporaryFolder(), 'vm.db'));
    await new SqliteTemplateStore(database).insert(sampleRevision());
    const names = ['journal_mode', 'synchronous', 'foreign_keys', 'wal_autocheckpoint', 'journal_size_limit'];
    const found = Object.fromEntries(
      [...names, 'trusted_schema', 'cell_size_check', 'busy_timeout', 'application_id'].map((name) => [
        name,
        read(database, name),
      ]),
    );
    expect(found).toEqual({
      journal_mode: 'wal',
      synchronous: 2,
      foreign_keys: 1,
      wal_autocheckpoint: 1000,
      journal_size_limit: 67_108_864,
      trusted_schema: 0,
      cell_size_check: 1,
      busy_timeout: 1000,
      application_id: applicationId,
    });
  });

  it('finds what was stored when it is opened again', async () => {
    const path = join(temporaryFolder(), 'vm.db');
    const first = open(path);
    await new SqliteTemplateStore(first).insert(sampleRevision());
    closeDatabase(first);
    expect(await new SqliteTemplateStore(open(path)).list()).toEqual([sampleTemplate()]);
  });

  it('rolls back no journal that somebody has put beside it', async () => {
    const path = join(temporaryFolder(), 'vm.db');
    const first = open(path);
    await new SqliteTemplateStore(first).insert(sampleRevision());
    closeDatabase(first);
    const [stored, journal] = [readFileSync(path), `${path}-journal`];
    writeFileSync(journal, journalOf(Buffer.alloc(stored.length, 'x')));
    expect(() => openDatabase(path)).toThrow(
      expect.objectContaining({ code: 'STORE_WRITE_FAILED', details: { database: path, journal } }),
    );
    expect(readFileSync(path).equals(stored)).toBe(true);
    expect(existsSync(journal)).toBe(true);
  });

  it('opens a database in memory', () => {
    expect(open(inMemory).memory).toBe(true);
    expect(existsSync(inMemory)).toBe(false);
  });

  it('takes an empty file for a new database', () => {
    const path = join(temporaryFolder(), 'vm.db');
    writeFileSync(path, '');
    expect(read(open(path), 'user_version')).toBeGreaterThan(0);
  });

  it('refuses a file that is no database, names it and leaves it as it was', () => {
    const path = join(temporaryFolder(), 'notes.txt');
    const text = 'Dear diary, this is a text of some length. '.repeat(50);
    writeFileSync(path, text);
    expect(() => openDatabase(path)).toThrow(storeRefusal(path, 'no SQLite database', 'choose another'));
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it.each([
    ['marked as its own', 'PRAGMA application_id = 1'],
    ['without a mark', 'CREATE TABLE vm (id TEXT)'],
  ])('refuses a database of another application, %s, and leaves it as it was', (_, sql) => {
    const path = join(temporaryFolder(), 'other.db');
    new Sqlite(path).exec(sql).close();
    const before = readFileSync(path);
    expect(() => openDatabase(path)).toThrow(storeRefusal(path, 'another application', 'Choose another'));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('refuses a folder', () => {
    const path = join(temporaryFolder(), 'folder');
    mkdirSync(path);
    expect(() => openDatabase(path)).toThrow(storeRefusal(path, 'cannot be opened'));
  });

  it('refuses a place where no folder can be', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => openDatabase(join(file, 'vm.db'))).toThrow(storeRefusal(file, 'choose another'));
  });

  it('follows a link to the database and not to a second one', async () => {
    const folder = temporaryFolder();
    await new SqliteTemplateStore(open(join(folder, 'vm.db'))).insert(sampleRevision());
    symlinkSync(join(folder, 'vm.db'), join(folder, 'link.db'));
    const throughLink = open(join(folder, 'link.db'));
    expect(throughLink.name).toBe(join(folder, 'vm.db'));
    expect(await new SqliteTemplateStore(throughLink).list()).toHaveLength(1);
  });
});

describe('closeDatabase', () => {
  it('leaves one file that holds everything, and may be called twice', async () => {
    const path = join(temporaryFolder(), 'vm.db');
    const database = open(path);
    await new SqliteTemplateStore(database).insert(sampleRevision());
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    closeDatabase(database);
    closeDatabase(database);
    expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false]);
  });

  it('empties the log although another program still has the database open', async () => {
    const path = join(temporaryFolder(), 'vm.db');
    const database = open(path);
    await new SqliteTemplateStore(database).insert(sampleRevision());
    const other = new Sqlite(path, { readonly: true });
    onTestFinished(() => {
      other.close();
    });
    expect(other.prepare('SELECT count(*) FROM template').pluck().get()).toBe(1);
    closeDatabase(database);
    expect(statSync(`${path}-wal`).size).toBe(0);
  });
});
