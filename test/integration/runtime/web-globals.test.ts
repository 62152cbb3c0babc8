/** The web's globals of guests, held against those of Node: the same expressions, run in both. */
import { runInThisContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Runtime, RuntimeHost } from '#core/ports';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { runCode } from '../../support/run-code.ts';

let host: RuntimeHost;
let runtime: Runtime;

beforeAll(async () => {
  host = createRealRuntimeHost();
  runtime = await host.open(runtimeSpec());
});

afterAll(() => host.close());

/** What an expression comes to, and how it fails, as JSON. */
const measured = (expression: string) => `(() => {
  try { return JSON.stringify({ value: (() => { ${expression.includes('return ') ? expression : `return (${expression})`} })() }) ?? 'none'; }
  catch (error) { return JSON.stringify({ error: error.name, code: typeof error.code === 'number' ? error.code : undefined }); }
})()`;

async function inGuest(expression: string): Promise<unknown> {
  const { end } = await runCode(runtime, measured(expression));
  return end.kind === 'value' ? end.value.json : end;
}

const inNode = (expression: string): unknown => runInThisContext(measured(expression));

const urlParts = 'href origin protocol username password host hostname port pathname search hash'.split(' ');
const urls = [
  'http://example.org',
  'HTTPS://User:Pa%20ss@EXAMPLE.org:443/a/../b/./c?x=1&y=2#frag',
  'http://example.org:80/',
  'http://example.org:8080/a b?c d#e f',
  'http://[::1]:3000/x',
  'http://[::ffff:127.0.0.1]/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://allowed.org@evil.com/',
  'http://allowed.org%2F@evil.com/',
  'http://ex%41mple.org',
  'http://bücher.example/ü?ü#ü',
  'file:///etc/passwd',
  'data:text/plain,hello',
  'mailto:someone@example.org',
  'javascript:alert(1)',
  '  http://example.org/  ',
  'http:\\\\example.org\\a',
  'blob:https://example.org/123',
  'foo://bar:99/x',
  '',
  'no url',
  '//example.org',
  'http://',
  'http://exa mple.org',
  'http://example.org:99999',
  'http://[::1',
  'http://a\ud800b/\ud800',
  'http://example.org/\u0000',
];

const expressions: readonly string[] = [
  ...urls.map(
    (url) => `const u = new URL(${JSON.stringify(url)}); return ${JSON.stringify(urlParts)}.map((p) => u[p])`,
  ),
  ...urls.map((url) => `URL.canParse(${JSON.stringify(url)}, 'http://base.example/dir/file')`),
  ...['../x', '?q', '#h', '/abs', '//other', 'y z', ''].map(
    (url) => `new URL('${url}', 'http://base.example/a/b?c#d').href`,
  ),
  ...urlParts
    .filter((part) => part !== 'origin')
    .flatMap((part) =>
      ['', 'x', 'ftp:', 'a b', '99', '?k=v', '#f', 'http://new.example/p', 'ü'].map(
        (value) =>
          `const u = new URL('https://a.example:8443/p?q=1#h'); u.${part} = '${value}'; return [u.href, u.search]`,
      ),
    ),
  `String(new URL('http://a/?x=1'))`,
  `JSON.stringify({ u: new URL('http://a/?x=1') })`,
  `Object.prototype.toString.call(new URL('http://a/'))`,
  `URL('http://a/')`,
  `new URL()`,
  `URL.parse('http://a/b').href`,
  `URL.parse('nope')`,
  `const u = new URL('http://a/?x=1'); u.searchParams.append('y', 'ü &'); return [u.href, u.search, u.searchParams === u.searchParams]`,
  `const u = new URL('http://a/?x=1'); const p = u.searchParams; u.search = 'z=9'; return [...p]`,
  `const u = new URL('http://a/?x=1'); u.searchParams.delete('x'); return u.href`,
  `const u = new URL('http://a/'); u.href = 'http://b/?k=1'; return [u.host, u.searchParams.get('k')]`,
  `const u = new URL('http://a/'); u.href = 'nope'; return u.href`,
  `[...new URLSearchParams('?a=1&b=%20+&a=%zz&=x&c&&d==')]`,
  `String(new URLSearchParams('a=1&b= *-._~ü\\u0000'))`,
  `String(new URLSearchParams({ a: 1, b: 'x y', c: null }))`,
  `String(new URLSearchParams([['a', 1], ['a', 2]]))`,
  `String(new URLSearchParams(new Map([['m', 'n']])))`,
  `const p = new URLSearchParams('a=1'); const q = new URLSearchParams(p); q.set('a', 2); return [String(p), String(q)]`,
  `new URLSearchParams([['a']])`,
  `new URLSearchParams([1])`,
  `const p = new URLSearchParams('b=1&a=2&b=3'); p.sort(); return [String(p), p.size, p.getAll('b'), p.get('z'), p.has('b', '3'), p.has('b', '9')]`,
  `const p = new URLSearchParams('b=1&a=2&b=3&b=4'); p.set('b', 'x'); return String(p)`,
  `const p = new URLSearchParams('b=1&a=2&b=3'); p.delete('b', '3'); p.delete('q'); return String(p)`,
  `const seen = []; new URLSearchParams('a=1&b=2').forEach((v, k) => seen.push(k + v)); return seen`,
  `[[...new URLSearchParams('a=1&b=2').keys()], [...new URLSearchParams('a=1&b=2').values()]]`,
  `Object.prototype.toString.call(new URLSearchParams())`,
  `new URLSearchParams('a=\\ud800').get('a')`,
  `const p = new URLSearchParams(); p.append('\\ud800', '\\udfff'); return [...p]`,

  ...['', 'plain', 'ü€😀', '\\ud800x', 'a\\u0000b'].map((text) => `[...new TextEncoder().encode('${text}')]`),
  ...['ab', 'aü', 'a€b', 'a😀b', '😀😀', '\\ud800'].flatMap((text) =>
    [0, 1, 2, 3, 4, 5, 8].map(
      (room) =>
        `const into = new Uint8Array(${room}); return [new TextEncoder().encodeInto('${text}', into), [...into]]`,
    ),
  ),
  `new TextEncoder().encoding`,
  `new TextEncoder().encodeInto('a', [])`,
  ...[
    [],
    [0xef, 0xbb, 0xbf, 0x61],
    [0xf0, 0x9f, 0x98, 0x80],
    [0xf0, 0x9f, 0x98],
    [0xc0, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf5, 0x80],
    [0x61, 0xff, 0x62],
    [0, 1, 2],
  ].flatMap((bytes) =>
    ['{}', '{ fatal: true }', '{ ignoreBOM: true }'].map(
      (options) => `new TextDecoder('utf-8', ${options}).decode(new Uint8Array([${bytes}]))`,
    ),
  ),
  ...[
    'utf8',
    'latin1',
    'ascii',
    'iso-8859-1',
    'utf-16le',
    'UTF-16',
    'utf-16be',
    ' windows-1252 ',
    'koi8-r',
    'nope',
  ].flatMap((label) => [
    `new TextDecoder('${label}').encoding`,
    `new TextDecoder('${label}').decode(new Uint8Array([0x41, 0xe4, 0x80, 0x42]))`,
  ]),
  ...['utf-8', 'utf-16le', 'utf-16be'].flatMap((coding) =>
    [1, 2, 3, 5].map(
      (size) => `
        const bytes = '${coding}' === 'utf-8' ? [0xef, 0xbb, 0xbf, 0x61, 0xc3, 0xbc, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xe2, 0x82]
          : '${coding}' === 'utf-16le' ? [0xff, 0xfe, 0x61, 0, 0x3d, 0xd8, 0, 0xde, 0x3d, 0xd8, 0x62] : [0xfe, 0xff, 0, 0x61, 0xd8, 0x3d, 0xde, 0, 0xd8, 0x3d];
        const decoder = new TextDecoder('${coding}');
        let text = '';
        for (let at = 0; at < bytes.length; at += ${size}) text += decoder.decode(new Uint8Array(bytes.slice(at, at + ${size})), { stream: true });
        return [text + decoder.decode(), decoder.decode(new Uint8Array(bytes))];`,
    ),
  ),
  `new TextDecoder().decode(new Uint8Array([1, 97, 98, 2]).subarray(1, 3))`,
  `new TextDecoder().decode(new DataView(new Uint8Array([1, 97, 98, 2]).buffer, 1, 2))`,
  `new TextDecoder().decode(new Uint8Array([97]).buffer)`,
  `new TextDecoder().decode(new Uint16Array([0x6161]))`,
  `new TextDecoder().decode('text')`,

  ...['', 'a', 'ab', 'abc', '\\u00ff\\u0000'].map((text) => `[btoa('${text}'), atob(btoa('${text}'))]`),
  ...['YQ==', 'YQ', ' Y Q = = ', 'YQ=', 'Y', '=', 'a-_b', 'ü', 'AAAA\\n'].map((text) => `atob('${text}')`),
  `btoa('€')`,
  `[btoa(null), btoa(12), atob(undefined === 1)]`,

  `structuredClone({ a: [1, , 3], b: undefined, n: null, d: new Date(5), x: -0 })`,
  `Object.is(structuredClone(-0), -0)`,
  `const c = structuredClone(/a+/giu); return [c instanceof RegExp, c.source, c.flags]`,
  `const o = { m: new Map([[1, { two: 2 }], ['k', new Set([3])]]) }; const c = structuredClone(o); return [[...c.m.keys()], c.m.get(1), [...c.m.get('k')], c.m !== o.m]`,
  `const o = { list: [] }; o.self = o; o.list.push(o); const c = structuredClone(o); return [c.self === c, c.list[0] === c, c !== o]`,
  `const shared = {}; const c = structuredClone([shared, shared]); return c[0] === c[1]`,
  ...['Error', 'TypeError', 'RangeError', 'SyntaxError', 'EvalError', 'URIError', 'ReferenceError'].map(
    (name) =>
      `const c = structuredClone(new ${name}('m', { cause: { x: 1 } })); return [c instanceof ${name}, c.name, c.message, c.cause]`,
  ),
  `class Odd extends Error {}; const e = new Odd('m'); e.name = 'Odd'; e.extra = 1; const c = structuredClone(e); return [c.name, c.message, c.extra, c.constructor === Error]`,
  `class Point { x = 1; #y = 2; get z() { return 3; } }; const c = structuredClone(new Point()); return [c, c.constructor === Object]`,
  `structuredClone({ get g() { return 7; }, ['__proto__']: 1, [Symbol('s')]: 2 })`,
  `Object.keys(structuredClone(Object.defineProperty({}, 'hidden', { value: 1 })))`,
  `const a = [1]; a.extra = 'x'; const c = structuredClone(a); return [c.length, c.extra, Array.isArray(c)]`,
  ...['Uint8Array', 'Int16Array', 'Float64Array', 'BigInt64Array', 'Uint8ClampedArray'].map(
    (name) => `const c = structuredClone(new ${name}(3)); return [c.constructor.name, c.length, c.byteLength]`,
  ),
  `const b = new ArrayBuffer(8); const c = structuredClone({ all: new Uint8Array(b), part: new Uint8Array(b, 2, 3), view: new DataView(b, 1) }); return [c.all.buffer === c.part.buffer, c.part.byteOffset, c.view.byteLength, c.all.buffer !== b]`,
  `const b = new Uint8Array([1, 2]).buffer; const c = structuredClone({ b }, { transfer: [b] }); return [b.byteLength, [...new Uint8Array(c.b)]]`,
  `[typeof structuredClone(Object(1n)), structuredClone(new Number(3)) + 1, structuredClone(new String('s')).length, structuredClone(new Boolean(false)) + '']`,
  ...[
    '() => 1',
    'Symbol()',
    'new WeakMap()',
    'Promise.resolve()',
    'new Proxy({}, {})',
    'Object(Symbol())',
    '{ f() {} }',
    'new WeakRef({})',
  ].map((value) => `structuredClone(${value})`),
  `structuredClone()`,
  `structuredClone(1, { transfer: [1] })`,
  `structuredClone(5n) === 5n`,

  `const e = new DOMException('m', 'AbortError'); return [e.name, e.message, e.code, e instanceof Error, e instanceof DOMException, Object.prototype.toString.call(e), String(e)]`,
  `const e = new DOMException(); return [e.name, e.message, e.code]`,
  `new DOMException('m', { name: 'DataCloneError', cause: 5 }).cause`,

  `const c = new AbortController(); const seen = []; c.signal.addEventListener('abort', (e) => seen.push(e.type, e.target === c.signal)); c.signal.onabort = () => seen.push('on'); c.abort(); c.abort(1); return [seen.sort(), c.signal.aborted, c.signal.reason.name]`,
  `const c = new AbortController(); c.abort('why'); return [c.signal.reason, (() => { try { c.signal.throwIfAborted(); } catch (e) { return e; } })()]`,
  `AbortSignal.abort().reason.name`,
  `const [a, b] = [new AbortController(), new AbortController()]; const any = AbortSignal.any([a.signal, b.signal]); b.abort('b'); return [any.aborted, any.reason]`,
  `AbortSignal.any([AbortSignal.abort(4)]).reason`,
  `new AbortSignal()`,
  `AbortSignal.timeout(-1)`,
  `const t = new EventTarget(); const seen = []; const f = () => seen.push('f'); t.addEventListener('x', f); t.addEventListener('x', f); t.addEventListener('x', { handleEvent() { seen.push('h'); } }, { once: true }); t.dispatchEvent(new Event('x')); t.removeEventListener('x', f); t.dispatchEvent(new Event('x')); return seen`,
  `const t = new EventTarget(); const e = new Event('x', { cancelable: true }); t.addEventListener('x', (event) => event.preventDefault()); return [t.dispatchEvent(e), e.defaultPrevented]`,
  `const t = new EventTarget(); const seen = []; t.addEventListener('x', (e) => { seen.push(1); e.stopImmediatePropagation(); }); t.addEventListener('x', () => seen.push(2)); t.dispatchEvent(new Event('x')); return seen`,

  `[typeof performance.now(), performance.now() >= 0, Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 60000]`,
  `const a = performance.now(); const b = performance.now(); return b >= a`,
  `/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())`,
  `crypto.randomUUID() !== crypto.randomUUID()`,
  `const view = new Uint32Array(64); return [crypto.getRandomValues(view) === view, new Set(view).size > 60]`,
  `const all = new Uint8Array(64); crypto.getRandomValues(all.subarray(8, 56)); return [all.slice(0, 8), all.slice(56), all.slice(8, 56).some(Boolean)].map((x) => x.join ? x.join() : x)`,
  `crypto.getRandomValues(new Float32Array(4))`,
  `crypto.getRandomValues(new Uint8Array(65537))`,
  `['URL', 'TextDecoder', 'AbortController', 'structuredClone', 'atob'].map((name) => [typeof globalThis[name], globalThis[name].name])`,
];

describe('as Node does', () => {
  test.each([...new Set(expressions)])('%s', async (expression) => {
    const expected = inNode(expression);
    expect(expected).toBeTypeOf('string');
    expect(await inGuest(expression)).toEqual(expected);
  });
});
