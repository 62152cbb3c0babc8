/** Guest code that replaces built-ins harms itself: what the host prints, shows and sends stays as it is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Runtime, RuntimeHost } from '#core/ports';
import { fetchServices } from '#main/modules/fetch/fetch-service';
import { GrantedServices } from '#main/modules/guest-services';
import type { Capability } from '#shared/contract/template';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { printed, runCode } from '../../support/run-code.ts';

let host: RuntimeHost;

beforeAll(() => {
  host = createRealRuntimeHost({ services: new GrantedServices({ fetch: fetchServices() }) });
});

afterAll(() => host.close());

const tamperings = [
  [
    'every method of every built-in',
    `
    const builtIns = [Array, Object, Function, String, Number, Boolean, Symbol, BigInt, Map, Set, WeakMap, WeakSet, Date,
      RegExp, Promise, Error, JSON, Reflect, Math, Array.prototype[Symbol.iterator]().__proto__, new Map().entries().__proto__];
    const replace = (holder) => {
      for (const key of Reflect.ownKeys(holder)) {
        const { configurable, value } = Reflect.getOwnPropertyDescriptor(holder, key);
        if (configurable && typeof value === 'function' && key !== 'constructor') broken.push([holder, key]);
      }
    };
    const broken = [];
    for (const builtIn of builtIns) { replace(builtIn); if (builtIn.prototype) replace(builtIn.prototype); }
    const define = Object.defineProperty;
    const evil = () => { throw 'tampered'; };
    for (let i = 0; i < broken.length; i++) define(broken[i][0], broken[i][1], { value: evil, configurable: true });`,
  ],
  [
    'setters and getters on Object.prototype',
    `
    for (const key of ['get', 'set', 'configurable', 'enumerable', 'writable', 'nodes', 'characters', 'kind', 'name', 'args', 'env', 'left', 'depth', 'callback', 'id', '__proto__x'])
      Object.defineProperty(Object.prototype, key, { __proto__: null, get() { return undefined; }, set() { throw 'tampered'; }, configurable: true });`,
  ],
  [
    'a getter that lies on Object.prototype',
    `
    Object.defineProperty(Object.prototype, 'get', { value: () => 'tampered', configurable: true });`,
  ],
  [
    'setters on Array.prototype',
    `
    for (let i = 0; i < 8; i++) Object.defineProperty(Array.prototype, i, { set() { throw 'tampered'; }, get() { return 'tampered'; }, configurable: true });`,
  ],
  [
    'toJSON everywhere',
    `
    for (const { prototype } of [Object, Array, String, Number, Boolean]) prototype.toJSON = () => 'tampered';`,
  ],
  [
    'species and constructors',
    `
    Promise.prototype.constructor = function () { throw 'tampered'; };
    Object.defineProperty(Promise, Symbol.species, { get() { throw 'tampered'; } });
    Object.defineProperty(RegExp.prototype, 'flags', { get() { throw 'tampered'; } });`,
  ],
  [
    'toStringTag and toPrimitive',
    `
    Object.defineProperty(Object.prototype, Symbol.toStringTag, { get() { throw 'tampered'; } });
    Object.defineProperty(Object.prototype, Symbol.toPrimitive, { get() { throw 'tampered'; } });`,
  ],
  [
    'the console and the timers themselves',
    `
    globalThis.JSON = globalThis.Map = globalThis.Reflect = globalThis.Promise = globalThis.Object = undefined;`,
  ],
  [
    'a proxy as the prototype of all arrays',
    `
    Object.setPrototypeOf(Array.prototype, new Proxy({}, { get() { throw 'tampered'; }, has() { throw 'tampered'; } }));`,
  ],
  [
    'stack traces',
    `
    Error.prepareStackTrace = () => { throw 'tampered'; }; Error.stackTraceLimit = 0;`,
  ],
  ['the name of the global object', 'globalThis = {}; 0'],
  ['the name of the global object, deleted', 'delete globalThis.globalThis'],
  ['a proxy in the place of the global object', 'globalThis = new Proxy({}, { defineProperty() { for (;;); } }); 0'],
  ['constructors of errors', 'Error = TypeError = function () { for (;;); }; 0'],
  ['constants in the place of built-ins', 'let globalThis = 1; const TypeError = 2, Error = 3, Map = 4; 0'],
] as const;

async function behaviourOf(runtime: Runtime) {
  const given = await runCode(runtime, '__ARGS__.n', { args: { n: 3 } });
  const traced = await runCode(runtime, 'console.trace("here"); 0');
  const refused = await runCode(
    runtime,
    'let refused; try { setTimeout(0); } catch (error) { refused = error.message; } refused',
  );
  const plain = await runCode(runtime, 'console.log("%s is %d", "one", 1, { a: [1, "x", null] }, /x/g); 7', {
    args: { n: 1 },
  });
  const shown = await runCode(runtime, '({ a: 1, list: [1, 2, [3]], text: "it is" })');
  const waited = await runCode(runtime, 'await null; 5');
  const thrown = await runCode(runtime, 'throw 5');
  return {
    given: given.end,
    traced: [traced.end, printed(traced)[0]?.split('\n')[0]],
    refused: refused.end,
    printed: printed(plain),
    plain: plain.end,
    preview: shown.end.kind === 'value' ? [shown.end.value.type, shown.end.value.preview] : shown.end,
    waited: waited.end,
    thrown: thrown.end,
  };
}

// A setter for `value` on Object.prototype is not among them: with it the engine itself cannot end code that awaits.
test.each(tamperings)('%s', async (_name, source) => {
  const untouched = await host.open(runtimeSpec());
  const tampered = await host.open(runtimeSpec());
  const { end } = await runCode(tampered, source);
  const [expected, actual] = [await behaviourOf(untouched), await behaviourOf(tampered)];
  await Promise.all([untouched.close(), tampered.close()]);
  expect(end).toMatchObject({ kind: 'value' });
  expect(actual).toEqual(expected);
});

test('a constant in the place of the arguments is named, whatever became of TypeError', async () => {
  const runtime = await host.open(runtimeSpec());
  await runCode(
    runtime,
    'TypeError = 1; Object.defineProperty(globalThis, "__ARGS__", { configurable: false, writable: false })',
  );
  const { end } = await runCode(runtime, '1');
  await runtime.close();
  expect(end).toMatchObject({ exception: { message: expect.stringContaining('__ARGS__ cannot be set') } });
});

test('timers and microtasks run whatever became of promises', async () => {
  const runtime = await host.open(runtimeSpec());
  await runCode(
    runtime,
    'Promise.prototype.then = Function.prototype.call = Function.prototype.apply = () => { throw 1; }',
  );
  const run = await runCode(
    runtime,
    'setTimeout((n) => console.log("timer", n), 1, 2); queueMicrotask(() => console.log("micro"))',
  );
  await runtime.close();
  expect(printed(run)).toEqual(['micro', 'timer 2']);
});

test('a proxy behaves as the built-in one does', async () => {
  const runtime = await host.open(runtimeSpec());
  const { end } = await runCode(
    runtime,
    `
    const attempt = (work) => { try { return work(); } catch (error) { return error.constructor.name; } };
    const { proxy, revoke } = Proxy.revocable({ a: 1 }, {});
    const before = proxy.a;
    revoke();
    [before, attempt(() => proxy.a), attempt(() => Proxy({}, {})), attempt(() => new Proxy(1, {})), typeof new Proxy(() => 1, {}),
      Proxy.name, Proxy.length, 'prototype' in Proxy && Proxy.prototype, new Proxy([1], {}).map((n) => n + 1)]`,
  );
  await runtime.close();
  expect(end).toMatchObject({
    value: { json: [1, 'TypeError', 'TypeError', 'TypeError', 'function', 'Proxy', 2, null, [2]] },
  });
});

/** What the web's globals do, by code that keeps away from the built-ins that were replaced. */
const webCalls = [
  'const u = new URL("../b?x=1#h", "http://a.example/c/d"); u.port = "81"; u.searchParams.append("y", "2"); console.log(u.href + u.search + u.searchParams.get("y"))',
  'const p = new URLSearchParams("b=1&a=2"); p.set("c", "3"); p.sort(); console.log(p.toString())',
  'console.log(new TextDecoder().decode(new TextEncoder().encode("ü€")))',
  'console.log(atob(btoa("text")))',
  'console.log(structuredClone(5) + structuredClone("s") + structuredClone({ a: { b: 7 } }).a.b)',
  'const c = new AbortController(); c.signal.onabort = () => console.log("aborted"); c.abort("why"); console.log(c.signal.reason)',
  'const t = new EventTarget(); t.addEventListener("x", () => console.log("heard")); t.dispatchEvent(new Event("x"))',
  'console.log(typeof crypto.randomUUID() + typeof performance.now() + crypto.randomUUID().length)',
  'try { atob("?") } catch (error) { console.log(error.name + error.code) }',
  'try { new URL("nope") } catch (error) { console.log(error.name + error.code) }',
  'const h = new Headers(); h.append("A", "1"); h.append("a", "2"); h.set("b", "3"); console.log(h.get("a") + h.has("B"))',
  'console.log(new Request("http://a.example/", { method: "post", body: "b" }).method + new Response("x", { status: 201 }).status)',
  'try { await fetch("http://refused.example/") } catch (error) { console.log(error.name + error.code) }',
];

const webRun = webCalls.map((call) => `{ try { ${call} } catch (error) { console.log("threw", error) } }`).join('\n');
const net: Capability = {
  id: 'c',
  vm_id: 't',
  kind: 'net',
  name: 'web',
  enabled: true,
  config: { hosts: ['a.example'] },
};

/** What the web's globals print after a tampering. They are loaded before it where they were used before. */
async function webOutput(tampering: string, isUsedBefore: boolean) {
  const runtime = await host.open(runtimeSpec({ capabilities: [net] }));
  if (isUsedBefore) await runCode(runtime, webRun);
  await runCode(runtime, tampering);
  const output = printed(await runCode(runtime, webRun));
  await runtime.close();
  return output;
}

describe.each([
  ['used before', true],
  ['not used before', false],
])("the web's globals, %s, work as they did", (_when, isUsedBefore) => {
  let untouched: string[];

  beforeAll(async () => {
    untouched = await webOutput('0', isUsedBefore);
  });

  test('untouched', () => {
    expect(untouched).toHaveLength(webCalls.length + 1);
    expect(untouched.join()).not.toContain('threw');
  });

  test.each(tamperings)('%s', async (_name, source) => {
    expect(await webOutput(source, isUsedBefore)).toEqual(untouched);
  });
});

test('the files of the prelude can be imported by no guest', async () => {
  const runtime = await host.open(runtimeSpec({ runtime: { esm: true } }));
  for (const specifier of ['vm:host.js', './host.js', 'vm:primordials.js', 'vm:load']) {
    for (const fileName of ['a.js', 'vm:a.js', 'vm:load']) {
      const { end } = await runCode(runtime, `import * as all from '${specifier}'; console.log(all)`, {
        mode: 'module',
        fileName,
      });
      expect(end).toMatchObject({ kind: 'exception' });
    }
    const { end } = await runCode(runtime, `await import('${specifier}')`);
    expect(end).toMatchObject({ kind: 'exception' });
  }
  await runtime.close();
});

test('a frozen global object keeps its late globals, each the same whenever it is asked for', async () => {
  const runtime = await host.open(runtimeSpec());
  const { end } = await runCode(
    runtime,
    'Object.freeze(globalThis); [URL === URL, new URL("http://a/") instanceof URL]',
  );
  await runtime.close();
  expect(end).toMatchObject({ value: { json: [true, true] } });
});
