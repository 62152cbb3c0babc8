import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { withStoreErrors, withTakenName } from '#main/store/sqlite-error';
import { storeRefusal } from './store-refusal.ts';

const failing = (error: unknown) => () => {
  throw error;
};

describe('withStoreErrors', () => {
  it.each([
    ['SQLITE_FULL', 'disk is full'],
    ['SQLITE_IOERR', 'disk reported an error'],
    ['SQLITE_IOERR_WRITE', 'disk reported an error'],
    ['SQLITE_READONLY', 'read-only'],
    ['SQLITE_READONLY_DBMOVED', 'read-only'],
    ['SQLITE_CORRUPT', 'damaged'],
    ['SQLITE_NOTADB', 'no SQLite database'],
    ['SQLITE_CANTOPEN_ISDIR', 'cannot be opened'],
    ['SQLITE_BUSY', 'Another program holds'],
  ])('turns %s into a store that cannot be used, and says what to do', (code, advice) => {
    const error = new Sqlite.SqliteError('as SQLite says it', code);
    expect(() => withStoreErrors({ name: '/data/vm.db' }, failing(error))).toThrow(
      storeRefusal('/data/vm.db', code, 'as SQLite says it', advice),
    );
  });

  it.each([
    ['a broken constraint', new Sqlite.SqliteError('FOREIGN KEY constraint failed', 'SQLITE_CONSTRAINT_FOREIGNKEY')],
    ['an error in SQL', new Sqlite.SqliteError('near "SELEKT": syntax error', 'SQLITE_ERROR')],
    ['what is no error of SQLite', new TypeError('SQLITE_FULL')],
  ])('passes %s as it is', (_, error) => {
    expect(() => withStoreErrors({ name: 'vm.db' }, failing(error))).toThrow(error);
  });
});

describe('withTakenName', () => {
  it('passes a broken constraint on anything but a name as it is', () => {
    const error = new Sqlite.SqliteError('UNIQUE constraint failed: template.id', 'SQLITE_CONSTRAINT_UNIQUE');
    expect(() => withTakenName({ name: 'sample' }, failing(error))).toThrow(error);
  });

  it('names the capability that is there already', () => {
    const columns = 'template_capability.template_id, template_capability.kind, template_capability.name';
    const error = new Sqlite.SqliteError(`UNIQUE constraint failed: ${columns}`, 'SQLITE_CONSTRAINT_UNIQUE');
    expect(() => withTakenName({ kind: 'module', name: 'fs' }, failing(error))).toThrow('module:fs');
  });
});
