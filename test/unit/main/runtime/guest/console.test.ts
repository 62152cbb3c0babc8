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
  expect(texts()).toEqual(['default: 1', 'x: 1', 'default: 2', 'default: 1']);
});

test('prints an assertion only where it fails', () => {
  guestConsole.assert(true, 'fine');
  guestConsole.assert(false);
  guestConsole.assert(0, '%s is wrong', 'zero');
  expect(texts()).toEqual(['Assertion failed', 'Assertion failed: zero is wrong']);
});

test('measures time by label', () => {
  guestConsole.time('work');
  guestConsole.timeLog('work');
  guestConsole.timeEnd('work');
  guestConsole.timeEnd('work');
  expect(texts()).toEqual([
    expect.stringMatching(/^work: \d+ms$/),
    expect.stringMatching(/^work: \d+ms$/),
    'No such timer: work',
  ]);
});

test('draws tables', () => {
  guestConsole.table([{ a: 1, b: 'x' }, { a: 22 }, 'plain']);
  expect(texts()).toEqual([
    [
      '┌─────────┬────┬─────┬─────────┐',
      '│ (index) │ a  │ b   │ Values  │',
      '├─────────┼────┼─────┼─────────┤',
      "│ 0       │ 1  │ 'x' │         │",
      '│ 1       │ 22 │     │         │',
      "│ 2       │    │     │ 'plain' │",
      '└─────────┴────┴─────┴─────────┘',
    ].join('\n'),
  ]);
});

test('prints what is no table as itself', () => {
  guestConsole.table(5);
  expect(texts()).toEqual(['5']);
});
