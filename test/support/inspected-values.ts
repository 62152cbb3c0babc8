/**
 * Values as expressions, for every way of showing one: the preview of a session, the prelude under Node, and Node's own
 * util.inspect. Where a preview is meant to differ from Node's, the difference stands here with its reason.
 */

export interface InspectedValue {
  readonly source: string;
  /** Whether only an engine can tell what is in it. */
  readonly needsEngine?: true;
  /** What a preview says where that is not what Node says, and why. */
  readonly differs?: { readonly preview: string; readonly reason: string };
}

const iteratorReason = 'looking into an iterator would advance it';
const nullPrototypeReason = 'a built-in object is known by its prototypes, so that no slot is asked for in vain';

const same = [
  // Primitives
  'undefined',
  'null',
  'true',
  '0',
  '-0',
  '1.5',
  '1e21',
  'NaN',
  '-Infinity',
  '12n',
  '-5n',
  'Symbol("tag")',
  'Symbol()',
  'Symbol.iterator',
  // Strings, which are quoted inside of something
  '["plain"]',
  `["it's"]`,
  `["it's \\"quoted\\""]`,
  '["it\'s \\"quoted\\" in `all` ways"]',
  '["$" + "{x}\'\\""]',
  '["\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\\u007f\\u009f\\u00a0\\\\"]',
  '["\\ud83d\\ude00", "\\ud83d", "\\ude00x"]',
  '["\\u2028"]',
  '["x".repeat(50) + "\\n" + "y".repeat(50)]',
  '({ a: { b: "x".repeat(50) + "\\n" + "y".repeat(50) + "\\n" } })',
  '["x".repeat(100)]',
  // Plain objects and their keys
  '({})',
  '({ a: 1 })',
  '({ 1: "one", "a-b": 2, $c: 3, _d: 4, "": 5 })',
  '({ [Symbol("key")]: 1, [Symbol.iterator]: 2 })',
  '({ ["__proto__"]: 1 })',
  '({ a: undefined, b: null, c: () => 1 })',
  '({ a: { b: { c: {} } } })',
  '({ a: { b: { c: { d: 1 } } } })',
  '({ a: { b: { c: { d: { e: { f: { g: { h: 1 } } } } } } } })',
  '({ a: [], b: {}, c: new Map(), d: new Set() })',
  '({ first: "x".repeat(30), second: "y".repeat(30) })',
  '({ first: "x".repeat(40), second: "y".repeat(40) })',
  '({ a: "x".repeat(55) })',
  '({ a: "x".repeat(61) })',
  '({ a: "x".repeat(62) })',
  '({ a: "x".repeat(63) })',
  '({ a: "x".repeat(64) })',
  '({ outer: { a: "x".repeat(52), b: 1 } })',
  'Object.create(null)',
  'Object.assign(Object.create(null), { a: 1 })',
  'Object.create(Object.create(null))',
  'Object.create({ inherited: 1 })',
  'Object.create({ constructor: "no class" })',
  'Object.defineProperty({}, "hidden", { value: 1 })',
  '({ get a() { return 1; } })',
  '({ set a(_) {} })',
  '({ get a() { return 1; }, set a(_) {} })',
  '[{ get a() { throw 1; } }]',
  '(function () { return arguments; })(1, 2)',
  'Object.prototype',
  // Classes
  'new (class Foo { a = 1; })()',
  'new (class Foo {})()',
  'new (class extends Object {})()',
  'new (class Foo { #hidden = 1; get x() { return 1; } })()',
  'new (class Foo { get [Symbol.toStringTag]() { return "read"; } })() && 1',
  'Object.assign(new (class Foo {})(), { [Symbol.toStringTag]: "tag" })',
  '(class Foo {}).prototype',
  'Object.create((class Foo {}).prototype)',
  'class Foo {}; Foo',
  'class Foo {}; class Bar extends Foo {}; Bar',
  'class Foo {}; class Bar extends Foo {}; new Bar()',
  '(class {})',
  'class Foo { static x = 1; }; Foo',
  '[class Foo {}, class Bar extends Array {}]',
  // Functions
  '(() => 1)',
  'const named = () => 1; named',
  'function named() {}; named',
  '(async () => 1)',
  'async function named() {}; named',
  'function* named() {}; named',
  '(async function* () {})',
  'Math.max',
  'Object.assign(() => 1, { a: 1 })',
  'Object.assign(function named() {}, { a: { b: 1 } })',
  'Object.setPrototypeOf(() => 1, null)',
  'Object.setPrototypeOf(function named() {}, (class Foo extends Function {}).prototype)',
  // Lists
  '[]',
  '[1]',
  '[[], [[]], [[[]]]]',
  '[undefined, null]',
  '[1, , 3]',
  '[, "a", , ]',
  'new Array(3)',
  '[1, [2, [3, [4, [5]]]]]',
  '[1, 2, 3, 4, 5, 6]',
  '[1, 2, 3, 4, 5, 6, 7]',
  'Array.from({ length: 27 }, (_, i) => i)',
  'Array.from({ length: 100 }, (_, i) => i * i)',
  'Array.from({ length: 101 }, (_, i) => i)',
  'Array.from({ length: 102 }, (_, i) => i)',
  'Array.from({ length: 250 }, () => 1)',
  'Array.from({ length: 30 }, (_, i) => "item " + i)',
  'Array.from({ length: 30 }, (_, i) => "x".repeat(i))',
  'Array.from({ length: 10 }, (_, i) => ({ id: i, name: "name " + i }))',
  'Array.from({ length: 10 }, (_, i) => [i, i + 0.5])',
  'Array.from({ length: 40 }, (_, i) => BigInt(i) ** 3n)',
  'Array.from({ length: 8 }, (_, i) => i % 2 ? "odd" : i)',
  '({ list: Array.from({ length: 50 }, (_, i) => i) })',
  '({ a: { list: Array.from({ length: 50 }, (_, i) => "w" + i) } })',
  '[1.5, -0, NaN, 1e100, 12345.678, 0.1, 7]',
  'Object.assign([1, 2], { extra: true, "not plain": 1 })',
  'new (class List extends Array {})(3)',
  'new (class List extends Array {})(1, 2)',
  '"a1b2".match(/(?<letter>[a-z])(\\d)/)',
  '"a1b2".match(/[a-z]/g)',
  // Collections
  'new Map()',
  'new Map([["a", { b: 1 }], [{ c: 2 }, [3]]])',
  'new Map(Array.from({ length: 12 }, (_, i) => ["key " + i, i]))',
  'new Map(Array.from({ length: 101 }, (_, i) => [i, i]))',
  'new Set()',
  'new Set([1, "two", { three: 3 }])',
  'new Set(Array.from({ length: 20 }, (_, i) => i))',
  'Object.assign(new Map([[1, 2]]), { extra: 1 })',
  'new (class Foo extends Map {})([[1, 2]])',
  'new (class Foo extends Set {})([1])',
  'new WeakMap()',
  'new WeakSet()',
  'new Map([[new Map([[1, 2]]), new Set([new Set()])]])',
  'Map.prototype',
  'Object.create(Map.prototype)',
  // Bytes
  'new Uint8Array()',
  'new Uint8Array([1, 2, 3])',
  'new Float64Array([1.5, -0, NaN])',
  'new BigInt64Array([1n, -1n])',
  'new Uint8Array(Array.from({ length: 40 }, (_, i) => i * 6))',
  'new Uint8Array(150)',
  'new (class Bytes extends Uint8Array {})(2)',
  'new ArrayBuffer(0)',
  'new ArrayBuffer(3)',
  'new Uint8Array([1, 15, 16, 255]).buffer',
  'new ArrayBuffer(120)',
  'new DataView(new ArrayBuffer(4), 1)',
  // Dates and regular expressions
  'new Date(0)',
  'new Date(NaN)',
  'Object.assign(new Date(0), { a: 1 })',
  'new (class Day extends Date {})(0)',
  '/a+/gi',
  'new RegExp("")',
  'new RegExp("/")',
  'Object.assign(/x/, { a: 1 })',
  'new (class Pattern extends RegExp {})("a", "y")',
  // Boxed primitives
  'Object(5)',
  'Object(-0)',
  'Object("text")',
  'Object(false)',
  'Object(5n)',
  'Object(Symbol("s"))',
  'Object.assign(Object("ab"), { y: 1 })',
  'new (class Foo extends String {})("x")',
  // Errors: engines write stacks differently, so these bring their own
  'withStack(new Error("plain"))',
  'withStack(new TypeError("of a kind"))',
  'withStack(Object.assign(new Error("with"), { code: "E_CODE", inner: { a: 1 } }))',
  'withStack(new Error("outer", { cause: "inner" }))',
  'withStack(new Error("outer", { cause: withStack(new RangeError("inner")) }))',
  'withStack(new AggregateError([withStack(new Error("one")), 2], "several"))',
  '({ error: withStack(new Error("within")) })',
  '[withStack(new Error("within"))]',
  'withoutFrames(new Error("bare"))',
  '[withoutFrames(new TypeError("bare"))]',
  'withoutFrames(Object.assign(new Error("bare"), { a: 1 }))',
  // Promises and what runs
  'new Promise(() => {})',
  '(function* () { yield 1; })()',
  '(async function* () { yield 1; })()',
  'new WeakRef({}) && 1',
  'new (class Task extends Promise {})(() => {})',
  // Namespaces
  'Math',
  'JSON',
  'Reflect',
  '[1].values()',
  '"a".matchAll(/a/g)',
  // What contains itself
  'const a = { name: "a" }; a.self = a; a',
  'const a = []; a.push(a, [a]); a',
  'const a = {}, b = { a }; a.b = b; ({ a, b })',
  'const a = new Map(); a.set("self", a); a',
  'class Node { constructor() { this.self = this; } }; new Node()',
  'const f = () => 1; f.self = f; f',
  'const a = { x: {} }; a.x.up = a; a.x.own = a.x; a',
  'const shared = { s: 1 }; [shared, shared]',
];

const settled: readonly InspectedValue[] = [
  { source: 'Promise.resolve(1)', needsEngine: true },
  { source: 'Promise.resolve({ a: [1] })', needsEngine: true },
  { source: '[Promise.resolve()]', needsEngine: true },
];

const different: readonly InspectedValue[] = [
  {
    source: 'Symbol("two\\nlines")',
    differs: { preview: 'Symbol(two\\nlines)', reason: 'a name stays on its line, as strings do' },
  },
  {
    source: 'withStack(Object.assign(new Error("renamed"), { name: "CustomError" }))',
    differs: {
      preview: 'CustomError: renamed\n    at guest (cell 1:2:3)',
      reason: 'stacks of QuickJS are frames alone, and the name in front of them is the one of today',
    },
  },
  {
    source: 'new Proxy({ a: 1 }, {})',
    differs: { preview: 'Proxy({ a: 1 })', reason: 'a proxy behaves otherwise than it looks, so it is named' },
  },
  { source: 'new Map([[1, 2]]).entries()', differs: { preview: 'Object [Map Iterator] {}', reason: iteratorReason } },
  { source: 'new Set([1]).values()', differs: { preview: 'Object [Set Iterator] {}', reason: iteratorReason } },
  {
    source: 'Object.setPrototypeOf(new Map([[1, 2]]), null)',
    differs: { preview: '[Object: null prototype] {}', reason: nullPrototypeReason },
  },
  {
    source: 'Object.setPrototypeOf(new Date(0), null)',
    differs: { preview: '[Object: null prototype] {}', reason: nullPrototypeReason },
  },
];

export const inspectedValues: readonly InspectedValue[] = [
  ...same.map((source) => ({ source })),
  ...settled,
  ...different,
];

/** Gives errors stacks that are the same in every engine. */
const stackSource = `
  const withStack = (error) => Object.defineProperty(error, 'stack', {
    value: error.constructor.name + ': ' + error.message + '\\n    at guest (cell 1:2:3)', configurable: true, writable: true });
  const withoutFrames = (error) => Object.defineProperty(error, 'stack', {
    value: error.constructor.name + ': ' + error.message, configurable: true, writable: true });
`;

/** An expression as a function body that returns it; what is before the last semicolon is statements. */
export function bodyOf(source: string): string {
  const end = source.lastIndexOf('; ');
  const isList = /^(?:const|class|function|async function)/.test(source);
  return isList && end >= 0
    ? `${stackSource}${source.slice(0, end)}; return ${source.slice(end + 2)}`
    : `${stackSource}return (${source})`;
}
