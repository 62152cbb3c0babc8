import '../../../../support/guest-host.ts';
import { expect, test } from 'vitest';

const { jsonText } = await import('../../../../../src/main/runtime/guest/json-text.js');

test.each([
  [null],
  ['text "quoted" \u2028'],
  [1.5],
  [Number.NaN],
  [true],
  [[1, undefined, () => 1, Symbol('s'), null]],
  [{ a: 1, b: undefined, c: () => 1, d: { e: [] } }],
  [new Date(0)],
  [{ toJSON: (key: string) => `key is "${key}"` }],
  [{ inner: { toJSON: (key: string) => `key is "${key}"` } }],
  [[Object(1), Object('boxed'), Object(false)]],
  [new Map([[1, 2]])],
  [{ [Symbol('hidden')]: 1, shown: 2 }],
  [Object.create({ inherited: 1 }, { hidden: { value: 1 }, shown: { value: 2, enumerable: true } })],
])('writes %j as JSON.stringify does', (value) => {
  expect(jsonText(value, 10_000)).toBe(JSON.stringify(value));
});

test('has no text for what has no JSON', () => {
  const circular: unknown[] = [];
  circular.push(circular);
  expect([() => 1, Symbol('s'), undefined, 1n, { deep: 1n }, circular].map((value) => jsonText(value, 10_000))).toEqual(
    Array.from({ length: 6 }, () => undefined),
  );
});

test('gives up on what is longer than allowed', () => {
  expect(jsonText('x'.repeat(8), 10)).toBe('"xxxxxxxx"');
  expect(jsonText('x'.repeat(9), 10)).toBe(undefined);
  expect(jsonText([1, 2, 3], 5)).toBe(undefined);
});

test('gives up on a structure that shares its parts without end', () => {
  let graph: unknown = 1;
  for (let level = 0; level < 60; level += 1) graph = [graph, graph];
  expect(jsonText(graph, 10_000)).toBe(undefined);
});

test('gives up where a getter throws', () => {
  const value = {
    get broken() {
      throw new Error('no');
    },
  };
  expect(jsonText(value, 10_000)).toBe(undefined);
});
