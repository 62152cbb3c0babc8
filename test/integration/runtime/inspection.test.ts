/** Looking into a session runs none of its code, takes little time whatever is in there, and leaves everything as it was. */
import { describe, expect, test } from 'vitest';
import { freshRuntimes } from '../../support/fresh-runtime.ts';
import { runtimeSpec } from '../../support/real-runtime-host.ts';

const { run, runtime, host } = freshRuntimes({ cpu_ms: 20_000, mem_mb: 512 });

const variables = async () => (await runtime().inspectGlobals()).variables;
const namesAfter = async (...chain: string[]) => (await runtime().listNames(chain)).map(({ name }) => name);

/** Anything of it that runs is noted in `ran`. */
const traps = `
  var ran = 0;
  var note = () => { ran += 1; throw new Error('guest code ran'); };
  var watched = {
    get getter() { return note(); },
    get [Symbol.toStringTag]() { return note(); },
    toString: note, valueOf: note, toJSON: note, [Symbol.toPrimitive]: note, [Symbol.iterator]: note,
    inner: { get deep() { return note(); } },
  };
  Object.defineProperty(globalThis, 'trapped', { get: note, configurable: true });
  var handler = new Proxy({}, { get: note });
  var proxy = new Proxy({ a: 1 }, handler);
  var heir = Object.create(proxy);
  var proxyClass = class extends Object { static get name() { return note(); } get x() { return note(); } };
  var instance = new proxyClass();
  class Hostile { static [Symbol.hasInstance]() { return note(); } get y() { return note(); } }
  let hostile = new Hostile();
  Object.defineProperty(hostile, 'constructor', { get: note });
  Error.prepareStackTrace = note;
  let error = new RangeError('looked at');
  Object.defineProperty(error, 'message', { get: note });
  0`;

describe('the variables', () => {
  test('are those that the user made, each by the word that made it', async () => {
    await run('let a = 1; const b = "text"; var c = [1, 2]; function d() {} class E {} ; globalThis.f = null; 0');
    expect(await variables()).toMatchObject([
      { name: 'd', kind: 'function', type: 'function', preview: '[Function: d]' },
      { name: 'a', kind: 'let', type: 'number', preview: '1' },
      { name: 'b', kind: 'const', type: 'string', preview: "'text'" },
      { name: 'E', kind: 'class', type: 'function', preview: '[class E]' },
      { name: 'c', kind: 'global', type: 'array', preview: '[ 1, 2 ]' },
      { name: 'f', kind: 'global', type: 'null', preview: 'null' },
    ]);
  });

  test('are marked where the last execution gave them a value or another size', async () => {
    await run('var number = 1, list = [1], map = new Map(), object = {}, text = "x", same = {}; 0');
    await run('number = 2; list.push(2); map.set(1, 1); object.added = 1; text += "y"; 0');
    const changed = (await variables()).filter((variable) => variable.changed).map(({ name }) => name);
    await run('same = same; 0');
    const later = (await variables()).filter((variable) => variable.changed).map(({ name }) => name);
    expect([changed, later]).toEqual([['number', 'list', 'map', 'object', 'text'], []]);
  });

  test('have about the size of what they hold', async () => {
    await run('var small = 1, text = "x".repeat(10000), bytes = new Uint8Array(50000), list = Array(1000).fill(1); 0');
    const sizes = Object.fromEntries((await variables()).map((variable) => [variable.name, variable.size_bytes]));
    expect(sizes.small).toBeLessThan(50);
    expect(sizes.text).toBeGreaterThan(9_999);
    expect(sizes.bytes).toBeGreaterThan(49_999);
    expect(sizes.list).toBeGreaterThan(7_999);
  });

  test('run nothing when they are listed', async () => {
    await run(traps);
    const listed = await variables();
    const { end } = await run('ran');
    expect(listed.map(({ name }) => name)).toContain('trapped');
    expect(end).toMatchObject({ value: { json: 0 } });
  });

  test.each([
    ['a million keys', 'var big = {}; for (let i = 0; i < 1e6; i++) big["key" + i] = i; 0'],
    ['a long list', 'var big = Array.from({ length: 1e6 }, (_, i) => ({ i })); 0'],
    ['a sparse list', 'var big = []; big[4e9] = 1; 0'],
    ['many bytes', 'var big = new Uint8Array(1e8); 0'],
    ['a long text', 'var big = "x".repeat(5e7); 0'],
    ['a large integer', 'var big = 10n ** 200000n; 0'],
    ['a deep graph', 'var big = {}; { let inner = big; for (let i = 0; i < 1e5; i++) inner = inner.next = {}; } 0'],
    ['a graph that is shared without end', 'var big = [1]; for (let i = 0; i < 40; i++) big = [big, big]; 0'],
    ['a long chain of prototypes', 'var big = {}; for (let i = 0; i < 1e4; i++) big = Object.create(big); 0'],
    ['very many names', 'for (let i = 0; i < 5000; i++) globalThis["name" + i] = { i, list: [i] }; 0'],
  ])('are listed soon where there is %s', async (_name, source) => {
    await run(`var kept = 1; ${source}`);
    const startedMs = performance.now();
    const { variables: listed } = await runtime().inspectGlobals();
    const names = await namesAfter('big');
    const tookMs = performance.now() - startedMs;
    const { end } = await run('kept');
    expect(listed.length).toBeGreaterThan(1);
    expect(names.length).toBeLessThanOrEqual(2000);
    expect(JSON.stringify(listed).length).toBeLessThan(1_000_000);
    expect(tookMs).toBeLessThan(5_000);
    expect(end).toMatchObject({ value: { json: 1 } });
  });
});

describe('names', () => {
  test('in scope are the users own first, then what is built in', async () => {
    await run('let mine = 1; var yours = () => 1; class Ours {} ; 0');
    const names = await runtime().listNames([]);
    const byName = new Map(names.map((name) => [name.name, name]));
    expect([byName.get('mine'), byName.get('yours'), byName.get('Ours'), byName.get('JSON')]).toMatchObject([
      { kind: 'variable', type: 'number', rank: 0 },
      { kind: 'function', rank: 0 },
      { kind: 'class', rank: 0 },
      { kind: 'variable', type: 'object', rank: 1 },
    ]);
  });

  test('after a chain are the members of the value, own ones first', async () => {
    await run('class Base { inherited() {} } class Point extends Base { x = 1; move() {} get far() { throw 1; } } 0');
    await run('let point = { at: new Point() }; 0');
    const names = await runtime().listNames(['point', 'at']);
    expect(names.filter(({ from }) => from !== 'Object.prototype')).toMatchObject([
      { name: 'x', kind: 'property', type: 'number', rank: 0 },
      { name: 'constructor', from: 'Point.prototype' },
      { name: 'move', kind: 'method', from: 'Point.prototype', rank: 1 },
      { name: 'far', kind: 'property', from: 'Point.prototype' },
      { name: 'inherited', kind: 'method', from: 'Base.prototype', rank: 2 },
    ]);
    expect(await namesAfter('globalThis', 'point', 'at')).toEqual([]);
    expect(await namesAfter('JSON')).toEqual(expect.arrayContaining(['parse', 'stringify']));
  });

  test('of what is loaded when it is first used are there before, and so is what each is', async () => {
    const byName = new Map((await runtime().listNames([])).map((name) => [name.name, name]));
    expect([byName.get('URL'), byName.get('atob'), byName.get('crypto')]).toMatchObject([
      { kind: 'class', type: 'function' },
      { kind: 'function', type: 'function' },
      { kind: 'variable', type: 'object' },
    ]);
    expect(await namesAfter('crypto')).toEqual(expect.arrayContaining(['randomUUID', 'getRandomValues']));
    expect(await namesAfter('globalThis', 'crypto', 'subtle')).toEqual([]);
    expect(await namesAfter('URL')).toContain('canParse');
    expect(await namesAfter('performance')).toContain('now');
    expect(await namesAfter('AbortSignal')).toContain('timeout');
    expect((await run('URL.name + typeof crypto.randomUUID()')).end).toMatchObject({ value: { json: 'URLstring' } });
  });

  test('of what a guest put in the place of such a global are never read', async () => {
    await run(`
      globalThis.ran = 0;
      const own = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
      const get = function () { ran += 1; return { taken: 1 }; };
      Object.defineProperty(globalThis, 'crypto', { get, configurable: true });
      Object.defineProperty(own.get, 'call', { get });
      Object.defineProperty(globalThis, 'mine', { get: own.get, set: get, configurable: true }); 0`);
    expect(await namesAfter('crypto')).toEqual([]);
    expect((await run('ran')).end).toMatchObject({ value: { json: 0 } });
  });

  test('of a native module that is granted are its members, and of others none', async () => {
    const granted = await host().open(runtimeSpec({ modules: ['fs'] }));
    const of = async (name: string) => (await granted.listNames([name])).map((found) => found.name);
    const found = [await of('native:fs'), await of('native:node:fs'), await of('native:exec'), await of('native:none')];
    await granted.close();
    expect(found[0]).toEqual(expect.arrayContaining(['readFileSync', 'promises']));
    expect(found[1]).toEqual(found[0]);
    expect([found[2], found[3], await namesAfter('native:fs')]).toEqual([[], [], []]);
  });

  test('of a text are the methods of texts', async () => {
    await run('let text = "x"; 0');
    expect(await namesAfter('text')).toEqual(expect.arrayContaining(['padStart', 'length']));
  });

  test('run nothing when they are listed', async () => {
    await run(traps);
    const chains = [
      ['watched'],
      ['watched', 'getter'],
      ['watched', 'inner', 'deep'],
      ['trapped'],
      ['proxy'],
      ['proxy', 'a'],
      ['heir'],
      ['heir', 'a'],
      ['instance'],
      ['hostile', 'constructor'],
      ['proxyClass', 'name'],
      ['error', 'message'],
    ];
    const found = await Promise.all(chains.map((chain) => namesAfter(...chain)));
    const { end } = await run('ran');
    expect(found[0]).toContain('getter');
    expect(found.slice(1, 6)).toEqual([[], [], [], [], []]);
    expect(end).toMatchObject({ value: { json: 0 } });
  });
});
