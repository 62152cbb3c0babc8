import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { takeTold } from '../../../../support/guest-host.ts';

const nodeConsole = globalThis.console;
const { installConsole } = await import('../../../../../src/main/runtime/guest/console.js');
installConsole();
const guestConsole = globalThis.console;
globalThis.console = nodeConsole;

beforeEach(() => {
  takeTold();
});

afterAll(() => {
  globalThis.console = nodeConsole;
});

test('prints each method at its level', () => {
  guestConsole.log('a', 1);
  guestConsole.info('b');
  guestConsole.debug('c');
  guestConsole.warn('d');
  guestConsole.error({ e: 1 });
  expect(takeTold()).toEqual([
    { operation: 'console.log', argument: 'a 1' },
    { operation: 'console.info', argument: 'b' },
    { operation: 'console.debug', argument: 'c' },
    { operation: 'console.warn', argument: 'd' },
    { operation: 'console.error', argument: '{ e: 1 }' },
  ]);
});

const texts = () => takeTold().map(({ argument }) => argument);

test('indents what is printed in a group, line by line', () => {
  guestConsole.group('outer');
  guestConsole.log('one\ntwo');
  guestConsole.groupCollapsed('inner');
  guestConsole.log('three');
  guestConsole.groupEnd();
  guestConsole.groupEnd();
  guestConsole.groupEnd();
  guestConsole.log('four');
  expect(texts()).toEqual(['outer', '  one\n  two', '  inner', '    three', 'four']);
});

test('counts by label', () => {
  guestConsole.count();
  guestConsole.count('x');
  guestConsole.count();
  guestConsole.countReset();
  guestConsole.count();
  guestConsole.countReset('never');
  expect(texts()).toEqual(['default: 1', 'x: 1', 'default: 2', 'default: 1', "Count for 'never' does not exist"]);
});

test('prints an assertion only where it fails', () => {
  guestConsole.assert(true, 'fine');
  guestConsole.assert(false);
  guestConsole.assert(0, '%s is wrong', 'zero');
  guestConsole.assert(false, { a: 1 });
  expect(texts()).toEqual(['Assertion failed', 'Assertion failed: zero is wrong', 'Assertion failed { a: 1 }']);
});

test('measures time by label, to the microsecond', () => {
  guestConsole.time('work');
  guestConsole.time('work');
  guestConsole.timeLog('work', 'so far', { n: 1 });
  guestConsole.timeEnd('work');
  guestConsole.timeEnd('work');
  expect(texts()).toEqual([
    "Label 'work' already exists for console.time()",
    expect.stringMatching(/^work: \d+(\.\d{1,3})?ms so far \{ n: 1 \}$/),
    expect.stringMatching(/^work: \d+(\.\d{1,3})?ms$/),
    "No such label 'work' for console.timeEnd()",
  ]);
});

test('has every method that programs call, those without a meaning here too', () => {
  const names = Object.keys(guestConsole).sort();
  expect(names).toEqual(
    [
      ...['assert', 'clear', 'count', 'countReset', 'debug', 'dir', 'dirxml', 'error', 'group', 'groupCollapsed'],
      ...['groupEnd', 'info', 'log', 'profile', 'profileEnd', 'table', 'time', 'timeEnd', 'timeLog', 'timeStamp'],
      ...['trace', 'warn'],
    ].sort(),
  );
  guestConsole.clear();
  guestConsole.timeStamp('mark');
  expect(texts()).toEqual([]);
  expect(guestConsole.log.name).toBe('log');
});

test('shows as deep as it is asked to, and what is hidden if it is asked to', () => {
  const value = { a: { b: { c: 1 } } };
  guestConsole.dir(value, { depth: 0 });
  guestConsole.dir(value);
  guestConsole.dir(
    Array.from({ length: 9 }).reduce<unknown>((inner) => [inner], 1),
    { depth: null },
  );
  guestConsole.dir([1], { showHidden: true });
  guestConsole.dirxml(value, 2);
  expect(texts()).toEqual([
    '{ a: [Object] }',
    '{ a: { b: { c: 1 } } }',
    expect.not.stringContaining('[Array]'),
    '[ 1, [length]: 1 ]',
    '{ a: { b: { c: 1 } } } 2',
  ]);
});

/** What Node prints for the same call. */
function nodeTable(...args: Parameters<typeof console.table>): string {
  let text = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  new Console(stdout).table(...args);
  return text.trimEnd();
}

test.each<[string, ...Parameters<typeof console.table>]>([
  ['objects', [{ a: 1, b: 'x' }, { a: 22 }, 'plain']],
  ['values before objects', ['plain', { a: 1 }]],
  ['objects within', [{ a: { b: 1 }, list: [1, 2] }]],
  ['lists', [[1, 2], [3]]],
  ['an object of objects', { first: { a: 1 }, second: { b: 2 } }],
  [
    'a Map',
    new Map<unknown, unknown>([
      ['a', { x: 1 }],
      [2, 'two'],
    ]),
  ],
  ['a Set', new Set<unknown>([1, { a: 2 }])],
  ['chosen columns', [{ a: 1, b: 2 }, { b: 3 }], ['b']],
  [
    'wide letters',
    [
      { 宽: '日本', plain: 'ab' },
      { 宽: 'x', plain: '한국어 ｶﾅ ！' },
    ],
  ],
  ['emoji', { '😀': ['👩‍👩‍👧', '✅', '❤️', '🇨🇭', '1️⃣', '©', '👍🏽', '☎'] }],
  ['combining marks', ['e\u0301', 'n\u0303o', '\u200bhidden', 'क्षि', 'soft\u00adhyphen', 'ㅎㅏㄴ', '각']],
])('draws a table of %s as Node does', (_name, ...args) => {
  guestConsole.table(...args);
  expect(takeTold()).toMatchObject([{ operation: 'console.table', argument: { text: nodeTable(...args) } }]);
});

test('gives tables as cells too, every row whole', () => {
  guestConsole.table([{ a: 1 }, { b: 'x' }]);
  expect(takeTold()[0]?.argument).toMatchObject({
    table: {
      columns: ['(index)', 'a', 'b'],
      rows: [
        ['0', '1', ''],
        ['1', '', "'x'"],
      ],
    },
  });
});

test('bounds the cells of a table, whatever the size of the data', () => {
  guestConsole.table(Array.from({ length: 5000 }, () => ({ text: 'x'.repeat(5000) })));
  const { argument } = takeTold()[0] ?? {};
  expect(JSON.stringify((argument as { table: unknown }).table).length).toBeLessThan(80_000);
});

test('prints what is no table as itself', () => {
  guestConsole.table(5);
  expect(texts()).toEqual(['5']);
});
