import '../../../../support/guest-host.ts';
import { format as nodeFormat } from 'node:util';
import { describe, expect, test } from 'vitest';

const { format, limitTexts } = await import('../../../../../src/main/runtime/guest/format.js');

class Point {
  x = 1;
  inner = { deep: [1] };
}

class Named {
  toString() {
    return 'named by itself';
  }
}

class Heir extends Named {}

class ToldError extends Error {
  override toString() {
    return 'told by itself';
  }
}

/** V8 has the stack behind an accessor, which the prelude does not run; QuickJS has it as data. */
function withOwnStack(error: Error): Error {
  const frame = '    at guest (cell 1:2:3)';
  return Object.defineProperty(error, 'stack', { value: `Error: ${error.message}\n${frame}` });
}

const loop: { self?: unknown } = {};
loop.self = loop;

const bare = Object.assign(Object.create(null), { a: 1 });
const ownToString = Object.assign(() => 1, { toString: () => 'own' });

describe('as Node does', () => {
  test.each<[unknown[]]>([
    [[]],
    [['a', 'b', 1]],
    [['a', { b: 1 }]],
    [[{ b: 'text' }, 'text']],
    [[undefined, null, -0, 5n, Symbol('s')]],
    [['%s is %d years', 'Ada', 36]],
    [['%s', 'a', 'b', { c: 1 }]],
    [['%s %s', 'only one']],
    [['%s', undefined]],
    [['%s', null]],
    [['%s', -0]],
    [['%s', 12n]],
    [['%s', Symbol('tag')]],
    [['%s', () => 1]],
    [['%s', Named]],
    [['%s', ownToString]],
    [['%s', new Point()]],
    [['%s', new Named()]],
    [['%s', new Heir()]],
    [['%s', { toString: () => 'literal' }]],
    [['%s', { toString: 5 }]],
    [['%s', { [Symbol.toPrimitive]: () => 'primitive' }]],
    [['%s', bare]],
    [['%s', { a: { b: 1 }, list: [1] }]],
    [['%s', [1, [2, [3]]]]],
    [['%s', new Map([[1, { a: 1 }]])]],
    [['%s', new Date(0)]],
    [['%s', /a+/g]],
    [['%s', Object(5)]],
    [['%s', withOwnStack(new Error('with its stack'))]],
    [['%s', new ToldError('never seen')]],
    [['%d', '42']],
    [['%d', '42px']],
    [['%d', '']],
    [['%d', null]],
    [['%d', undefined]],
    [['%d', {}]],
    [['%d', [5]]],
    [['%d', 10n]],
    [['%d', -0]],
    [['%d', Symbol('s')]],
    [['%d', { valueOf: () => 7 }]],
    [['%i', '42.9px']],
    [['%i', 3.7]],
    [['%i', -3.7]],
    [['%i', 1e21]],
    [['%i', null]],
    [['%i', {}]],
    [['%i', 10n]],
    [['%i', Symbol('s')]],
    [['%f', '1.5e3x']],
    [['%f', 'x']],
    [['%f', 10n]],
    [['%f', Symbol('s')]],
    [['%j', { a: [1], b: undefined, c: 'text' }]],
    [['%j', 'text']],
    [['%j', undefined]],
    [['%j', () => 1]],
    [['%j', loop]],
    [['%j', { toJSON: () => 'for JSON' }]],
    [['%O', { a: { b: [1] } }]],
    [['%o|%o', 1, 'x']],
    [['%cred', 'color: red']],
    [['%c%s%c', 'color: red', 'text', '']],
    [['100%', 'sure']],
    [['100%% sure', 1]],
    [['100%% sure']],
    [['%%%s%%', 'a']],
    [['%s %%', 'a']],
    [['%s %s %%', 'a']],
    [['%x %s', 'a']],
    [['%', 1]],
    [['50%']],
  ])('writes case %#: %o', (args) => {
    expect(format(args)).toBe(nodeFormat(...args));
  });

  test.each<[string, unknown]>([
    ['%j', 10n],
    [
      '%j',
      {
        toJSON: () => {
          throw new RangeError('of the guest');
        },
      },
    ],
    ['%d', { valueOf: () => 1n, [Symbol.toPrimitive]: () => Symbol('no number') }],
  ])('throws what %s cannot convert', (pattern, value) => {
    expect(() => nodeFormat(pattern, value)).toThrow();
    expect(() => format([pattern, value])).toThrow();
  });
});

describe('otherwise than Node', () => {
  test.each<[string, unknown[], string]>([
    ['hidden properties are not for people', ['%o', [1]], '[ 1 ]'],
    ['a preview goes six levels deep', [{ a: { b: { c: { d: 1 } } } }], '{\n  a: { b: { c: { d: 1 } } }\n}'],
  ])('%s', (_reason, args, text) => {
    expect(format(args)).toBe(text);
    expect(nodeFormat(...args)).not.toBe(text);
  });
});

test('lets no more of a text out than it is told to', () => {
  limitTexts(1001);
  expect(format(['x'.repeat(1e6)]).length).toBe(1001);
  expect(format(['%s', 'x'.repeat(1e6), 'y'.repeat(1e6)]).length).toBe(1001);
});
