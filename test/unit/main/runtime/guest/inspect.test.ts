import '../../../../support/guest-host.ts';
import { expect, test } from 'vitest';

const { display, inspect } = await import('../../../../../src/main/runtime/guest/inspect.js');
const { installProxy } = await import('../../../../../src/main/runtime/guest/proxies.js');

class Point {
  x = 1;
  y = 2;
}

class ParseError extends Error {}

function withoutStack(error: Error): Error {
  Object.defineProperty(error, 'stack', { value: undefined });
  return error;
}

class Tagged {
  declare readonly [Symbol.toStringTag]: string;
}
Object.defineProperty(Tagged.prototype, Symbol.toStringTag, { value: 'tag' });

function* generate() {
  yield 1;
}

const never = () => {
  throw new Error('guest code ran');
};

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [-0, '-0'],
  [42, '42'],
  [12n, '12n'],
  [Symbol('tag'), 'Symbol(tag)'],
  ["it's", `"it's"`],
  ['line\nbreak', "'line\\nbreak'"],
  [{}, '{}'],
  [[], '[]'],
  [{ a: 1, 'b-c': 'text', 3: true }, "{ '3': true, a: 1, 'b-c': 'text' }"],
  [[1, [2, [3]]], '[ 1, [ 2, [ 3 ] ] ]'],
  [Object.assign([1], { index: 0 }), '[ 1, index: 0 ]'],
  // biome-ignore lint/suspicious/noSparseArray: holes are what is tested
  [[1, , , 4], '[ 1, <2 empty items>, 4 ]'],
  [new Array(1e9), '[ <1000000000 empty items> ]'],
  [new Point(), 'Point { x: 1, y: 2 }'],
  [Object.create(null), '[Object: null prototype] {}'],
  [Point, '[class Point]'],
  [ParseError, '[class ParseError extends Error]'],
  [Math.max, '[Function: max]'],
  [async () => undefined, '[AsyncFunction (anonymous)]'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [new Date(Number.NaN), 'Invalid Date'],
  [/a+/gi, '/a+/gi'],
  [new Map([['a', { b: 1 }]]), "Map(1) { 'a' => { b: 1 } }"],
  [new Set([1, 'two']), "Set(2) { 1, 'two' }"],
  [new WeakSet(), 'WeakSet { <items unknown> }'],
  [new Uint8Array([1, 2, 3]), 'Uint8Array(3) [ 1, 2, 3 ]'],
  [new ArrayBuffer(8), 'ArrayBuffer {\n  [Uint8Contents]: <00 00 00 00 00 00 00 00>,\n  [byteLength]: 8\n}'],
  [
    new DataView(new ArrayBuffer(2), 1),
    'DataView {\n  [byteLength]: 1,\n  [byteOffset]: 1,\n  [buffer]: ArrayBuffer { [Uint8Contents]: <00 00>, [byteLength]: 2 }\n}',
  ],
  [new Promise(() => undefined), 'Promise { <pending> }'],
  [generate(), 'Object [Generator] {}'],
  [[1].values(), 'Object [Array Iterator] {}'],
  [new Map().keys(), 'Object [Map Iterator] {}'],
  ['a'.matchAll(/a/g), 'Object [RegExp String Iterator] {}'],
  [Math, 'Object [Math] {}'],
  [JSON, 'Object [JSON] {}'],
  [new Tagged(), 'Tagged [tag] {}'],
  [Object(5), '[Number: 5]'],
  [Object('five'), "[String: 'five']"],
  [Object.assign(Object('ab'), { 5: 'x', y: 1 }), "[String: 'ab'] { '5': 'x', y: 1 }"],
  [withoutStack(new TypeError('bad')), '[TypeError: bad]'],
  [withoutStack(new ParseError('bad')), '[ParseError: bad]'],
  [withoutStack(new Error('outer', { cause: 'inner' })), "[Error: outer] { [cause]: 'inner' }"],
])('shows %# as Node does', (value, text) => {
  expect(inspect(value)).toBe(text);
});

test('names getters and setters instead of running them', () => {
  const value = {
    get a() {
      return never();
    },
    set b(_: unknown) {
      never();
    },
  };
  expect(inspect(value)).toBe('{ a: [Getter], b: [Setter] }');
});

test('shows a proxy through its target, without running a trap', () => {
  const NodeProxy = Proxy;
  installProxy();
  const handler = new NodeProxy({}, { get: never });
  const value = new Proxy({ a: 1 }, handler);
  globalThis.Proxy = NodeProxy;
  expect(inspect([value])).toBe('[ Proxy({ a: 1 }) ]');
});

test('marks what contains itself', () => {
  const value: { name: string; self?: unknown } = { name: 'loop' };
  value.self = { back: value };
  expect(inspect(value)).toBe("<ref *1> { name: 'loop', self: { back: [Circular *1] } }");
});

test('shows six levels and the class of what lies deeper', () => {
  expect(inspect([[[[[[[[1]]]]]]]])).toMatch(/^\[\n {2}\[\n {4}\[\n {6}\[\n {8}\[ \[ \[ \[Array\] \] \] \]\n/);
});

test('shows a hundred entries and counts the rest', () => {
  const text = inspect(Array.from({ length: 250 }, () => 1));
  expect(text).toMatch(/\.\.\. 150 more items\n]$/);
});

test('breaks what is longer than a line, one entry per line', () => {
  const value = { first: 'x'.repeat(40), second: 'y'.repeat(40) };
  expect(inspect(value)).toBe(`{\n  first: '${'x'.repeat(40)}',\n  second: '${'y'.repeat(40)}'\n}`);
});

test('stays within its budget, whatever the size of the value', () => {
  const wide = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 'x'.repeat(1000)));
  expect(inspect(wide).length).toBeLessThan(20_000);
  expect(inspect('x'.repeat(1e6)).length).toBeLessThan(10_300);
  expect(display('x'.repeat(1e6)).length).toBeLessThan(10_300);
});

test('is not fooled by a prototype without what belongs to it', () => {
  expect(inspect(Object.create(Map.prototype))).toBe('Map {}');
  expect(inspect(Object.create(Date.prototype))).toBe('Date {}');
});

test('shows a string as itself where it is the value', () => {
  expect(display("it's")).toBe("it's");
});
