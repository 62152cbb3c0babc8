/** The `database` module through a real runtime: what it gives, and what SQL of a guest cannot do. */
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import type { GuestEvent } from '#shared/contract/event';
import type { JsonValue } from '#shared/contract/primitive';
import type { Limits } from '#shared/contract/template';
import { childrenRunning } from '../../support/living-processes.ts';
import { longestLagMs } from '../../support/loop-lag.ts';
import { newModuleHost, outcomeOf, sharedModuleHost } from '../../support/module-host.ts';
import { runCode, runRequest } from '../../support/run-code.ts';

const shared = sharedModuleHost();
const limits = { wall_ms: 60_000, cpu_ms: 20_000 };

/** Runs code after `db` is open, in memory unless it opens something itself. */
async function sql(source: string, config: { [key: string]: JsonValue } = {}, host = shared()): Promise<unknown> {
  const opening = source.includes('configure(') ? '' : `db.configure('sqlite3', ':memory:');`;
  const opened = `const db = require('database'); ${opening}\n${source}`;
  return outcomeOf(await host.run({ name: 'database', config, limits }, opened));
}

/** What a call throws, by what matters of it. */
const thrown = (code: string) =>
  `try { ${code}; 'nothing was thrown' } catch (error) { ({ code: error.code, message: error.message }) }`;

describe('a database', () => {
  test('gives rows as objects, and changes with the last row', async () => {
    expect(
      await sql(`
        db.exec('CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)');
        [db.exec('INSERT INTO person (name) VALUES (?), (?)', 'Ada', 'Grace'), db.query('SELECT * FROM person WHERE name <> ?', 'x')]`),
    ).toEqual([
      { changes: 2, lastInsertRowid: 2 },
      [
        { id: 1, name: 'Ada' },
        { id: 2, name: 'Grace' },
      ],
    ]);
  });

  test('keeps every kind of value', async () => {
    const values = `[null, 1, -1.5, 2n ** 53n, -(2n ** 63n), 'grüße', true, new Uint8Array([0, 255]), new Uint8Array(0),
      new Uint16Array([1]), new Uint8Array([1, 2, 3]).subarray(1), new DataView(new ArrayBuffer(2), 1), new ArrayBuffer(1),
      new Date(0), Infinity, NaN, undefined]`;
    const shown = `(value) => value instanceof Uint8Array ? 'bytes ' + [...value] : typeof value + ' ' + value`;
    expect(await sql(`${values}.map((value) => db.query('SELECT ? AS v', value)[0].v).map(${shown})`)).toEqual([
      'object null',
      'number 1',
      'number -1.5',
      'bigint 9007199254740992',
      'bigint -9223372036854775808',
      'string grüße',
      'number 1',
      'bytes 0,255',
      'bytes ',
      'bytes 1,0',
      'bytes 2,3',
      'bytes 0',
      'bytes 0',
      'string 1970-01-01T00:00:00.000Z',
      'number Infinity',
      'object null',
      'object null',
    ]);
  });

  test('keeps the blobs of a result apart', async () => {
    const source = `db.query("SELECT x'01' AS a, 7 AS n, x'0203' AS b UNION ALL SELECT x'', 8, x'04'")`;
    expect(await sql(`${source}.map(({ a, n, b }) => [[...a], n, [...b]])`)).toEqual([
      [[1], 7, [2, 3]],
      [[], 8, [4]],
    ]);
  });

  test('takes parameters as a list too, and refuses what it cannot store', async () => {
    expect(await sql(`db.query('SELECT ? + ? AS sum', [2, 3])[0].sum`)).toBe(5);
    for (const value of ['{}', '() => 1', 'Symbol()', '[1]', 'new Map()']) {
      expect(await sql(`db.query('SELECT ?, ?', 1, ${value})`)).toContain('Parameter 2');
    }
    expect(await sql(thrown(`db.query('SELECT ?', 2n ** 64n)`))).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });

  test.each([
    ['no value for a parameter', `db.query('SELECT ? AS v')`, '1 parameter, 0 were given'],
    ['too few values', `db.exec('UPDATE t SET a = ? WHERE a = ?', 1)`, '2 parameters, 1 was given'],
    ['too many values', `db.query('SELECT ?', 1, 2)`, '1 parameter, 2 were given'],
    ['values where the SQL takes none', `db.exec('DELETE FROM t', 1)`, '0 parameters, 1 was given'],
    ['a parameter in a script', `db.exec('DELETE FROM t; INSERT INTO t VALUES (?)')`, '1 parameter, 0 were given'],
    ['a name without a value', `db.query('SELECT :a, @b', { a: 1 })`, 'no value was given for its parameter @b'],
    ['a name that the SQL has not', `db.exec('UPDATE t SET a = :a', { a: 1, x: 2 })`, 'no parameter "x"'],
    ['names for nameless parameters', `db.query('SELECT ?', { a: 1 })`, 'parameters without a name'],
  ])('refuses %s, and runs nothing of it', async (_what, code, message) => {
    const thrown = `let thrown; try { ${code} } catch ({ name, message }) { thrown = name + ': ' + message }`;
    const tables = `db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (7)');`;
    const [text, rows] = Object(await sql(`${tables} ${thrown}; [thrown, db.query('SELECT a FROM t')]`));
    expect(text).toContain('RangeError: ');
    expect(text).toContain(message);
    expect(rows).toEqual([{ a: 7 }]);
  });

  test('takes parameters by their names, from one object', async () => {
    const source = `db.query('SELECT :a AS a, @b AS b, $c AS c, :a AS again', { a: 1, ':a': 1, '@b': 'two', c: new Uint8Array([3]) })`;
    expect(await sql(`${source}.map(({ a, b, c, again }) => [a, b, [...c], again])`)).toEqual([[1, 'two', [3], 1]]);
    expect(await sql(`db.query('SELECT :a AS a, ? AS b', 1, 2)`)).toEqual([{ a: 1, b: 2 }]);
    expect(await sql(thrown(`db.query('SELECT :a', { a: [] })`))).toMatchObject({
      message: expect.stringContaining('Parameter "a"'),
    });
  });

  test('runs scripts without parameters, and one statement with them', async () => {
    expect(await sql(`db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)').changes`)).toBe(
      2,
    );
    expect(await sql(thrown(`db.query('SELECT 1; SELECT 2')`))).toMatchObject({
      message: expect.stringContaining('one statement'),
    });
    expect(await sql(thrown(`db.exec('SELECT ?; SELECT 2', 1)`))).toMatchObject({
      message: expect.stringContaining('one statement'),
    });
    expect(await sql(`db.query('SELECT 1 AS a; -- done\\n /* ; */ ;')`)).toEqual([{ a: 1 }]);
  });

  test('names columns as they are, even those that objects take for something else', async () => {
    expect(
      await sql(`const [row] = db.query('SELECT 1 AS "__proto__", 2 AS "to string", x\\'03\\' AS "constructor"');
      [Object.keys(row), row.__proto__, row['to string'], [...row.constructor]]`),
    ).toEqual([['__proto__', 'to string', 'constructor'], 1, 2, [3]]);
  });

  test('tells errors as SQLite does', async () => {
    expect(
      await sql(`db.exec('CREATE TABLE t (a UNIQUE)'); db.exec('INSERT INTO t VALUES (1)');
      try { db.exec('INSERT INTO t VALUES (?)', 1) } catch ({ name, message, code, errcode }) { [name, message, code, errcode] }`),
    ).toEqual(['Error', 'UNIQUE constraint failed: t.a', 'ERR_SQLITE_ERROR', 2067]);
    expect(await sql(`db.query('SELEC 1')`)).toContain('syntax error');
  });

  test('keeps or undoes a transaction as a whole', async () => {
    expect(
      await sql(`db.exec('CREATE TABLE t (a)');
      const kept = db.transaction(() => { db.exec('INSERT INTO t VALUES (1)'); return 'kept' });
      const undone = ${'(() => { try { db.transaction(() => { db.exec("INSERT INTO t VALUES (2)"); throw new Error("no") }) } catch (error) { return error.message } })()'};
      [kept, undone, db.query('SELECT a FROM t')]`),
    ).toEqual(['kept', 'no', [{ a: 1 }]]);
  });

  test('is a file of the worktree, from one session to the next', async () => {
    const host = newModuleHost();
    mkdirSync(join(host.worktree, 'sub'));
    await sql(
      `db.configure('sqlite3', 'sub/data.db'); db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (7)')`,
      {},
      host,
    );
    const path = JSON.stringify(join(host.worktree, 'sub/data.db'));
    expect(await sql(`db.configure('sqlite3', ${path}); db.query('SELECT a FROM t')`, {}, host)).toEqual([{ a: 7 }]);
    expect(await sql(`db.configure('sqlite3', './sub/../sub/data.db'); db.query('SELECT a FROM t')`, {}, host)).toEqual(
      [{ a: 7 }],
    );
  });

  test('is closed, and asks to be named again', async () => {
    expect(await sql(`db.close(); ${thrown(`db.query('SELECT 1')`)}`)).toMatchObject({
      message: expect.stringContaining('configure("sqlite3"'),
    });
    expect(await sql(thrown(`db.configure('postgres', 'x')`))).toMatchObject({
      message: expect.stringContaining('"sqlite3"'),
    });
  });

  test('that is read-only is not written, nor made', async () => {
    const host = newModuleHost();
    await sql(`db.configure('sqlite3', 'a.db'); db.exec('CREATE TABLE t (a)')`, {}, host);
    const config = { read_only: true };
    expect(
      await sql(`db.configure('sqlite3', 'a.db'); ${thrown(`db.exec('INSERT INTO t VALUES (1)')`)}`, config, host),
    ).toMatchObject({ message: expect.stringContaining('readonly') });
    expect(await sql(thrown(`db.configure('sqlite3', 'b.db')`), config, host)).toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    expect(existsSync(join(host.worktree, 'b.db'))).toBe(false);
  });

  test('has full-text search and R-trees', async () => {
    expect(
      await sql(`db.exec('CREATE VIRTUAL TABLE f USING fts5(a)'); db.exec('INSERT INTO f VALUES (?)', 'hello world');
      db.exec('CREATE VIRTUAL TABLE r USING rtree(id, a, b)'); db.query("SELECT a FROM f WHERE f MATCH 'world'")`),
    ).toEqual([{ a: 'hello world' }]);
  });
});

describe('SQL reaches nothing but its database', () => {
  const denied: [statement: string, message: RegExp][] = [
    [`ATTACH 'OUTSIDE' AS x`, /ATTACH/],
    [`ATTACH ':memory:' AS x`, /ATTACH/],
    [`ATTACH 'file:OUTSIDE?mode=rw' AS x`, /ATTACH/],
    [`/* */ aTtAcH DATABASE 'OUTSIDE' AS x`, /ATTACH/],
    [`SELECT 1; ATTACH 'OUTSIDE' AS x`, /ATTACH/],
    [`DETACH main`, /DETACH/],
    [`VACUUM INTO 'OUTSIDE'`, /ATTACH/],
    [`VACUUM`, /ATTACH/],
    [`SELECT load_extension('OUTSIDE')`, /load_extension/],
    [`SELECT LOAD_EXTENSION('OUTSIDE', 'init')`, /load_extension/i],
    [`SELECT fts3_tokenizer('simple')`, /fts3_tokenizer/],
    [`SELECT readfile('/etc/passwd')`, /no such function/],
    [`SELECT writefile('OUTSIDE', 'x')`, /no such function/],
    [`SELECT edit('x', 'sh')`, /no such function/],
    [`PRAGMA writable_schema = 1`, /PRAGMA writable_schema/],
    [`PRAGMA Writable_Schema(RESET)`, /PRAGMA writable_schema/i],
    [`SELECT * FROM pragma_writable_schema`, /writable_schema/],
    [`PRAGMA temp_store_directory = '/tmp'`, /PRAGMA temp_store_directory/],
    [`PRAGMA data_store_directory = '/tmp'`, /PRAGMA data_store_directory|not authorized/],
    [`PRAGMA journal_mode = OFF`, /PRAGMA journal_mode/],
    [`PRAGMA main.journal_mode = WAL`, /PRAGMA journal_mode/],
    [`PRAGMA locking_mode = EXCLUSIVE`, /PRAGMA locking_mode/],
    [`PRAGMA trusted_schema = 1`, /PRAGMA trusted_schema/],
    [`PRAGMA max_page_count = 4294967294`, /PRAGMA max_page_count/],
    [`PRAGMA temp_store = FILE`, /PRAGMA temp_store/],
    [`PRAGMA mmap_size = 1000000000`, /PRAGMA mmap_size/],
    [`PRAGMA page_size = 65536`, /PRAGMA page_size/],
    [`PRAGMA recursive_triggers = 1`, /PRAGMA recursive_triggers/],
    [`PRAGMA hard_heap_limit = 1`, /PRAGMA hard_heap_limit/],
    [`PRAGMA key = 'x'`, /PRAGMA key/],
    [`CREATE VIRTUAL TABLE c USING csv(filename='/etc/passwd')`, /module csv/],
    [`CREATE VIRTUAL TABLE z USING zipfile('/etc/passwd')`, /module zipfile/],
    [`CREATE VIRTUAL TABLE f USING fts3(a)`, /module fts3/],
    [`CREATE VIRTUAL TABLE f USING dbstat`, /module dbstat/],
    [
      `CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT load_extension('OUTSIDE'); END; INSERT INTO t VALUES (1)`,
      /load_extension|prohibited/,
    ],
    [
      `CREATE VIEW v AS SELECT load_extension('OUTSIDE') AS a; SELECT a FROM v; INSERT INTO t SELECT a FROM v`,
      /load_extension/,
    ],
    [
      `CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN SELECT load_extension('OUTSIDE'); END; INSERT INTO t VALUES (1)`,
      /load_extension/,
    ],
    [
      `CREATE TABLE d (a DEFAULT (load_extension('OUTSIDE'))); INSERT INTO d DEFAULT VALUES`,
      /load_extension|not constant/,
    ],
    [`CREATE INDEX i ON t (load_extension(a)); INSERT INTO t VALUES ('OUTSIDE')`, /load_extension/],
    [`UPDATE sqlite_schema SET sql = 'x'`, /may not be modified/],
    [`INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 2, 'CREATE TABLE x (a)')`, /may not be modified/],
    [`CREATE VIRTUAL TABLE f USING fts5(a); UPDATE f_data SET block = x'00'`, /may not be modified/],
    [`UPDATE sqlite_dbpage SET data = x'00'`, /no such table|read-only|may not be modified/],
  ];
  test.each(denied)('%s', async (statement, message) => {
    const host = shared();
    const outside = join(host.folder, 'outside.db');
    const script = JSON.stringify(`CREATE TABLE IF NOT EXISTS t (a); ${statement.replaceAll('OUTSIDE', outside)}`);
    expect(await sql(thrown(`db.exec(${script})`), {}, host)).toMatchObject({
      message: expect.stringMatching(message),
    });
    expect(existsSync(outside)).toBe(false);
  });

  test('and still says what a table is made of', async () => {
    const source = `db.exec('CREATE TABLE t (a)'); [db.query('PRAGMA table_info(t)')[0].name, db.query("SELECT name FROM pragma_table_info('t')")[0].name,
      db.exec('PRAGMA user_version = 3'), db.query('PRAGMA user_version')[0].user_version, db.query('PRAGMA page_size')[0].page_size]`;
    expect(await sql(source)).toMatchObject(['a', 'a', {}, 3, 4096]);
  });
});

describe('SQL is bounded', () => {
  const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)';
  const bounded: [title: string, call: string, code: unknown][] = [
    ['an endless query', `db.query('${endless} SELECT count(*) FROM c')`, 'STATEMENT_TIMEOUT'],
    [
      'an endless script',
      `db.exec('CREATE TABLE t (a); ${endless} INSERT INTO t SELECT count(*) FROM c')`,
      'STATEMENT_TIMEOUT',
    ],
    [
      'a product of tables',
      `db.query('WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 5000) SELECT count(*) FROM c a, c b, c d')`,
      'STATEMENT_TIMEOUT',
    ],
    ['a million rows', `db.query('${endless} SELECT x FROM c LIMIT 1000000')`, 'RESULT_TOO_LARGE'],
    ['rows without end', `db.query('${endless} SELECT x FROM c')`, 'RESULT_TOO_LARGE'],
    ['large texts', `db.query("${endless} SELECT printf('%.*c', 100000, 'x') FROM c")`, 'RESULT_TOO_LARGE'],
    ['large blobs', `db.query('SELECT randomblob(20000000)')`, 'RESULT_TOO_LARGE'],
    ['a blob of a gigabyte', `db.query('SELECT randomblob(1000000000)')`, 'ERR_SQLITE_ERROR'],
    ['zeros of a gigabyte', `db.query('SELECT length(hex(zeroblob(900000000)))')`, 'ERR_SQLITE_ERROR'],
    [
      'a stored gigabyte',
      `db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(1000000000))')`,
      'ERR_SQLITE_ERROR',
    ],
    [
      'text that is replaced to no end',
      `db.query("SELECT replace(hex(zeroblob(3000)), '0', hex(zeroblob(30000)))")`,
      'ERR_SQLITE_ERROR',
    ],
    [
      'a sort of everything',
      `db.query('${endless} SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY randomblob(1000)) AS n FROM c)')`,
      'DATABASE_LOST',
    ],
    ['a group of everything', `db.query('${endless} SELECT count(DISTINCT randomblob(1000)) FROM c')`, 'DATABASE_LOST'],
    [
      'a database in memory that grows',
      `db.exec('CREATE TABLE t (a)'); db.exec('${endless} INSERT INTO t SELECT zeroblob(100000) FROM c')`,
      'ERR_SQLITE_ERROR',
    ],
    [
      'a temporary table that grows',
      `db.exec('CREATE TEMP TABLE t (a)'); db.exec('${endless} INSERT INTO t SELECT zeroblob(100000) FROM c')`,
      'ERR_SQLITE_ERROR',
    ],
    [
      'an expression of great depth',
      `db.query('SELECT ' + '('.repeat(20000) + '1' + ')'.repeat(20000))`,
      'ERR_SQLITE_ERROR',
    ],
    ['a statement of great length', `db.query('SELECT 1' + ' '.repeat(5000000))`, 'ERR_SQLITE_ERROR'],
  ];
  test.each(bounded)('%s', async (_title, call, code) => {
    const config = { statement_timeout_ms: code === 'STATEMENT_TIMEOUT' ? 300 : 20_000 };
    let result: unknown;
    const lagMs = await longestLagMs(async () => {
      result = await sql(
        `const first = (() => { ${thrown(call).replace("'nothing was thrown'", 'return null').replace('({ code', 'return ({ code')} })();
        [first?.code ?? null, first?.message, db.query('SELECT 42 AS a')]`,
        config,
      );
    });
    expect(result).toMatchObject([code, expect.any(String), [{ a: 42 }]]);
    expect(lagMs).toBeLessThan(1000);
    expect(childrenRunning('database')).toEqual([]);
  });

  test('on disk too: it leaves a log that would grow with every page that is written', async () => {
    const host = newModuleHost();
    const file = join(host.worktree, 'a.db');
    const made = new DatabaseSync(file);
    made.exec('PRAGMA journal_mode = wal; CREATE TABLE t (a)');
    made.close();
    const writing = `db.configure('sqlite3', 'a.db'); db.exec('BEGIN; INSERT INTO t VALUES (zeroblob(1000000))');
      for (let count = 0; count < 20; count++) db.exec('DELETE FROM t; INSERT INTO t VALUES (zeroblob(1000000))');
      db.exec('COMMIT')`;
    await sql(writing, {}, host);
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(readFileSync(file).subarray(18, 20)).toEqual(Buffer.from([1, 1]));
    expect(statSync(file).size).toBeLessThan(3_000_000);
  });

  test('on disk too: all files of a session count together', async () => {
    const host = newModuleHost();
    const runtime = await host.open({ name: 'database', limits });
    const run = async (source: string) => outcomeOf(await runCode(runtime, source, { limits }));
    await run(
      `globalThis.db = require('database'); db.configure('sqlite3', 'large.db'); db.exec('CREATE TABLE t (a)')`,
    );
    truncateSync(join(host.worktree, 'large.db'), 1024 ** 3 - 100_000);
    const fill = `db.configure('sqlite3', 'next.db'); db.exec('CREATE TABLE t (a)'); ${thrown(`db.exec('INSERT INTO t VALUES (zeroblob(200000))')`)}`;
    expect(await run(fill)).toMatchObject({ message: 'database or disk is full' });
    expect(await run(`db.exec('INSERT INTO t VALUES (zeroblob(50000))').changes`)).toBe(1);
    await runtime.close();
  });

  test('by the rows and bytes that the template says', async () => {
    const source = `db.query('${endless} SELECT x FROM c LIMIT 3').length`;
    expect(await sql(source, { max_rows: 3 })).toBe(3);
    expect(await sql(thrown(source), { max_rows: 2 })).toMatchObject({
      code: 'RESULT_TOO_LARGE',
      message: expect.stringContaining('max_rows'),
    });
    expect(await sql(thrown(source), { max_result_bytes: 8 })).toMatchObject({
      message: expect.stringContaining('max_result_bytes'),
    });
  });

  test('and what a transaction had done is gone with the statement that took too long', async () => {
    const host = newModuleHost();
    const source = `db.configure('sqlite3', 'a.db'); db.exec('CREATE TABLE t (a)'); db.exec('BEGIN; INSERT INTO t VALUES (1)');
      const error = (() => { try { db.query('${endless} SELECT count(*) FROM c') } catch (error) { return error } })();
      [error.code, /transaction.*lost/.test(error.message), db.query('SELECT * FROM t')]`;
    expect(await sql(source, { statement_timeout_ms: 300 }, host)).toEqual(['STATEMENT_TIMEOUT', true, []]);
  });

  test.each(['cancel', 'close'] as const)('by whoever says %s', async (method) => {
    const runtime = await shared().open({ name: 'database', config: { statement_timeout_ms: 60_000 }, limits });
    let hasBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    const source = `const db = require('database'); db.configure('sqlite3', ':memory:'); console.log('begun'); db.query('${endless} SELECT count(*) FROM c')`;
    const running = runtime.run(runRequest(source, { limits }), () => hasBegun());
    await begun;
    await runtime[method]();
    expect((await running).end).toEqual({ kind: 'cancelled' });
    // Cancelling leaves the session open: nothing but the statement is over.
    await expect.poll(() => childrenRunning('database'), { timeout: 10_000 }).toEqual([]);
    await runtime.close();
  });
});

describe('a transaction that is open when its execution ends', () => {
  const undone = 'a transaction of db.transaction was not finished when the execution ended, so it was undone';
  const open =
    'a transaction of the database is open: COMMIT or ROLLBACK it; what is not committed when the session ends is lost';
  const opening = `globalThis.db = require('database'); db.configure('sqlite3', 'a.db'); db.exec('CREATE TABLE t (a)')`;
  const unfinished = (rest: string) => `db.transaction(() => { db.exec('INSERT INTO t VALUES (9)'); ${rest} })`;
  const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';

  async function session() {
    const host = newModuleHost();
    const runtime = await host.open({ name: 'database', limits });
    const run = (source: string, changes: Partial<Limits> = {}) =>
      runCode(runtime, source, { limits: { ...limits, ...changes } });
    await run(opening);
    return { host, runtime, run };
  }

  /** Of another connection: what is kept, and that nothing is locked. */
  function rowsKept(worktree: string): unknown[] {
    const file = new DatabaseSync(join(worktree, 'a.db'));
    file.exec('BEGIN IMMEDIATE; ROLLBACK');
    const rows = file.prepare('SELECT a FROM t').all();
    file.close();
    return rows.map(({ a }) => a);
  }

  const stops: [limit: string, rest: string, changes: Partial<Limits>][] = [
    ['cpu_ms', 'while (true) {}', { cpu_ms: 300 }],
    ['max_events', 'while (true) console.log(1)', { max_events: 5 }],
  ];
  test.each(stops)(
    'was undone where it was begun by transaction(), and %s stopped it',
    async (limit, rest, changes) => {
      const { host, runtime, run } = await session();
      const stopped = await run(unfinished(rest), changes);
      expect(stopped.end).toMatchObject({ kind: 'limit', limit });
      expect(noticesOf(stopped)).toEqual([undone]);
      expect(rowsKept(host.worktree)).toEqual([]);
      const next = await run(`db.transaction(() => db.exec('INSERT INTO t VALUES (1)')); db.query('SELECT a FROM t')`);
      expect([outcomeOf(next), noticesOf(next)]).toEqual([[{ a: 1 }], []]);
      await runtime.close();
      expect(rowsKept(host.worktree)).toEqual([1]);
    },
  );

  test('was undone where its runtime went with it', async () => {
    const { host, run } = await session();
    const stopped = await run(unfinished('while (true) {}'), { wall_ms: 300 });
    expect(stopped.end).toMatchObject({ kind: 'limit', limit: 'wall_ms' });
    expect(noticesOf(stopped)).toEqual([undone]);
    expect(rowsKept(host.worktree)).toEqual([]);
  });

  test.each([
    ['code', 'while (true) {}'],
    ['a statement', `db.query('${endless}')`],
  ])('was undone where %s of it was cancelled', async (_what, rest) => {
    const { host, runtime, run } = await session();
    const events: GuestEvent[] = [];
    const end = await runtime.run(runRequest(unfinished(`console.log('begun'); ${rest}`), { limits }), (batch) => {
      events.push(...batch);
      if (batch.some(({ type }) => type === 'console')) runtime.cancel();
    });
    expect(end).toMatchObject({ end: { kind: 'cancelled' }, usable: true });
    expect(noticesOf({ events })).toEqual([undone]);
    expect(rowsKept(host.worktree)).toEqual([]);
    const next = await run(`db.query('SELECT a FROM t')`);
    expect([outcomeOf(next), noticesOf(next)]).toEqual([[], []]);
  });

  test('is left where it was begun by SQL, which is told once of each', async () => {
    const { run } = await session();
    const notices: string[][] = [];
    for (const source of ['BEGIN', 'INSERT INTO t VALUES (1)', 'COMMIT', 'BEGIN', 'INSERT INTO t VALUES (2)']) {
      notices.push(noticesOf(await run(`db.exec('${source}')`)));
    }
    expect(notices).toEqual([[open], [], [], [open], []]);
    const nested = await run(thrown('db.transaction(() => 1)'));
    expect(outcomeOf(nested)).toMatchObject({ message: expect.stringContaining('within a transaction') });
    expect([noticesOf(nested), outcomeOf(await run(`db.query('SELECT a FROM t')`))]).toEqual([
      [],
      [{ a: 1 }, { a: 2 }],
    ]);
  });

  test('is none where its function has to wait: that is refused', async () => {
    const { host, run } = await session();
    const refused = await run(`db.transaction(async () => { db.exec('INSERT INTO t VALUES (9)') })`);
    expect(outcomeOf(refused)).toMatch(/^TypeError: .*has to be synchronous/);
    expect([noticesOf(refused), rowsKept(host.worktree)]).toEqual([[], []]);
  });
});

function noticesOf({ events }: { readonly events: readonly GuestEvent[] }): string[] {
  return events.flatMap((event) =>
    event.type === 'system' && event.payload.level === 'warn' ? event.payload.message : [],
  );
}

describe('a database is no file outside the worktree', () => {
  const names: [file: string, code: string][] = [
    ['../outside.db', 'INVALID_PATH'],
    ['sub/../../outside.db', 'INVALID_PATH'],
    ['ABSOLUTE', 'INVALID_PATH'],
    ['/etc/passwd', 'INVALID_PATH'],
    ['/proc/self/mem', 'INVALID_PATH'],
    ['link.db', 'INVALID_PATH'],
    ['linked/outside.db', 'INVALID_PATH'],
    ['linked/new.db', 'INVALID_PATH'],
    ['loop.db', 'INVALID_PATH'],
    ['dangling.db', 'INVALID_PATH'],
    ['hard.db', 'INVALID_PATH'],
    ['file:../outside.db', 'INVALID_PATH'],
    ['file:ABSOLUTE?mode=ro', 'INVALID_PATH'],
    ['FILE:///etc/passwd', 'INVALID_PATH'],
    ['a.db\0', 'INVALID_PATH'],
    ['a\\b.db', 'INVALID_PATH'],
    ['', 'INVALID_PATH'],
    ['.', 'INVALID_PATH'],
    ['sub', 'INVALID_PATH'],
    ['.git/config', 'INVALID_PATH'],
    ['missing/a.db', 'FILE_NOT_FOUND'],
    ['vm-system.db', 'INVALID_PATH'],
    ['to-host.db', 'INVALID_PATH'],
  ];
  test.each(names)('%j', async (name, code) => {
    const host = newModuleHost();
    const outside = join(host.folder, 'outside.db');
    const original = new DatabaseSync(outside);
    original.exec('CREATE TABLE secret (a)');
    original.close();
    writeFileSync(host.hostDatabase, readFileSync(outside));
    for (const folder of ['sub', '.git']) mkdirSync(join(host.worktree, folder));
    const links = {
      'link.db': outside,
      linked: host.folder,
      'loop.db': 'loop.db',
      'dangling.db': join(host.folder, 'new.db'),
      'to-host.db': 'vm-system.db',
    };
    for (const [link, target] of Object.entries(links)) symlinkSync(target, join(host.worktree, link));
    linkSync(outside, join(host.worktree, 'hard.db'));
    const before = statSync(outside).mtimeMs;

    const file = JSON.stringify(name.replace('ABSOLUTE', outside));
    expect(await sql(thrown(`db.configure('sqlite3', ${file})`), {}, host)).toMatchObject({ code });
    expect(statSync(outside).mtimeMs).toBe(before);
    expect(existsSync(join(host.folder, 'new.db'))).toBe(false);
  });

  test('nor what its journal leads to', async () => {
    const host = newModuleHost();
    const victim = join(host.folder, 'victim');
    for (const ending of ['-journal', '-wal', '-shm']) {
      writeFileSync(victim, 'precious');
      symlinkSync(victim, join(host.worktree, `a${ending}.db${ending}`));
      await sql(
        `db.configure('sqlite3', 'a${ending}.db'); ${thrown(`db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)')`)}`,
        {},
        host,
      );
      expect([ending, readFileSync(victim, 'utf8')]).toEqual([ending, 'precious']);
    }
  });

  test.each(['-journal', '-wal', '-shm'])('nor what has its %s for another name', async (ending) => {
    const host = newModuleHost();
    const [file, victim] = [join(host.worktree, 'a.db'), join(host.folder, 'victim')];
    const made = new DatabaseSync(file);
    made.exec(`PRAGMA journal_mode = ${ending === '-journal' ? 'delete' : 'wal'}; CREATE TABLE t (a)`);
    made.close();
    writeFileSync(victim, '');
    linkSync(victim, file + ending);
    const write = `db.configure('sqlite3', 'a.db'); db.exec('INSERT INTO t VALUES (1)')`;
    expect(await sql(thrown(write), {}, host)).toMatchObject({
      code: 'INVALID_PATH',
      message: expect.stringContaining(`"a.db${ending}"`),
    });
    expect(readFileSync(victim, 'utf8')).toBe('');
  });

  test.each([
    ['its journal got another name', 'a.db-journal'],
    ['it is another file', 'a.db'],
  ])('nor what has come into its place since it was opened: %s', async (_what, name) => {
    const host = newModuleHost();
    const [file, victim] = [join(host.worktree, name), join(host.folder, 'victim')];
    writeFileSync(victim, '');
    const runtime = await host.open({ name: 'database', limits });
    const run = async (source: string) => outcomeOf(await runCode(runtime, source, { limits }));
    await run(`globalThis.db = require('database'); db.configure('sqlite3', 'a.db'); db.exec('CREATE TABLE t (a)')`);
    rmSync(file, { force: true });
    linkSync(victim, file);
    expect(await run(thrown(`db.exec('INSERT INTO t VALUES (1)')`))).toMatchObject({ code: 'INVALID_PATH' });
    expect(readFileSync(victim, 'utf8')).toBe('');
    rmSync(file);
    expect(await run(`db.configure('sqlite3', 'a.db'); db.exec('CREATE TABLE IF NOT EXISTS t (a)').changes`)).toBe(0);
    await runtime.close();
  });

  test('nor a new one in a folder that is swapped for a link again and again', { timeout: 60_000 }, async () => {
    const host = newModuleHost();
    const outside = join(host.folder, 'outside');
    for (const folder of [join(host.worktree, 'real'), outside]) mkdirSync(folder);
    symlinkSync(outside, join(host.worktree, 'link'));
    const swapper = new Worker(swapping, { eval: true, workerData: host.worktree });
    const names = Array.from({ length: 60 }, (_, index) => `dir/n${index}.db`);
    const opened = await sql(
      `${JSON.stringify(names)}.filter((name) => { try { db.configure('sqlite3', name); return true } catch { return false } }).length`,
      {},
      host,
    );
    await swapper.terminate();
    expect(opened).toEqual(expect.any(Number));
    expect(readdirSync(outside)).toEqual([]);
  });

  test('nor what its journal names as the journal above it', async () => {
    const host = newModuleHost();
    const victim = join(host.folder, 'victim');
    writeFileSync(victim, 'precious');
    const file = join(host.worktree, 'a.db');
    const made = new DatabaseSync(file);
    made.exec('CREATE TABLE t (a)');
    made.close();
    writeFileSync(`${file}-journal`, hotJournal(readFileSync(file).subarray(0, 4096), victim));
    expect(await sql(`db.configure('sqlite3', 'a.db'); db.query('SELECT * FROM t')`, {}, host)).toEqual([]);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  test('nor a damaged one that takes the host with it', async () => {
    const host = newModuleHost();
    writeFileSync(
      join(host.worktree, 'a.db'),
      Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8192, 0xff)]),
    );
    expect(
      await sql(thrown(`db.configure('sqlite3', 'a.db'); db.query('SELECT * FROM sqlite_schema')`), {}, host),
    ).toMatchObject({ message: expect.stringMatching(/not a database|malformed/) });
  });
});

/** Makes `dir` of a worktree a folder and a link to outside in turn, as fast as it can. */
const swapping = `
  const { renameSync } = require('node:fs');
  const { workerData: worktree } = require('node:worker_threads');
  for (;;) for (const name of ['real', 'link']) {
    try { renameSync(worktree + '/' + name, worktree + '/dir') } catch {}
    try { renameSync(worktree + '/dir', worktree + '/' + name) } catch {}
  }`;

/** A journal as an interrupted transaction leaves it, of a transaction that had another journal above its own. */
function hotJournal(page: Buffer, above: string): Buffer {
  const magic = Buffer.from('d9d505f920a163d7', 'hex');
  const uint32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value % 2 ** 32);
    return bytes;
  };
  const nonce = 1234;
  const head = Buffer.concat([magic, uint32(1), uint32(nonce), uint32(2), uint32(512), uint32(4096)], 512);
  let sum = nonce;
  for (let index = 4096 - 200; index > 0; index -= 200) sum += page[index] ?? 0;
  const name = Buffer.from(above);
  const nameSum = name.reduce((total, byte) => total + byte, 0);
  const tail = [uint32(2 ** 30 / 4096 + 1), name, uint32(name.length), uint32(nameSum), magic];
  return Buffer.concat([head, uint32(1), page, uint32(sum), ...tail]);
}
