/** Scripts that mean harm or got out of hand: each ends in time, and neither the host nor another runtime notices. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEnd, Runtime, RuntimeHost } from '#core/ports';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { runCode } from '../../support/run-code.ts';

const limits = { cpu_ms: 250, wall_ms: 600, mem_mb: 32, max_events: 5000, max_output_kb: 256 };
const toleranceMs = 500;

interface Attack {
  readonly name: string;
  readonly source: string;
  /** How it may end, a limit by its name; on a slow machine each may run out of time first. */
  readonly ends: readonly string[];
}

const attacks: readonly Attack[] = [
  { name: 'an endless loop', source: 'while (1);', ends: [] },
  {
    name: 'a loop that catches everything',
    source: 'for (;;) try { for (;;); } catch {} finally {}',
    ends: [],
  },
  {
    name: 'interrupts swallowed by promises',
    source: 'for (;;) { new Promise(() => { for (;;); }); }',
    ends: [],
  },
  {
    name: 'interrupts swallowed by an async function',
    source: '(async () => { for (;;) try { await (async () => { for (;;); })(); } catch {} })(); 1',
    ends: [],
  },
  { name: 'a catastrophic expression', source: '/(a+)+$/.exec("a".repeat(40) + "b")', ends: [] },
  { name: 'a flood of microtasks', source: '(function go() { Promise.resolve().then(go); })()', ends: [] },
  { name: 'an async loop without work', source: '(async () => { for (;;) await null; })(); 1', ends: [] },
  { name: 'queueMicrotask in a circle', source: '(function go() { queueMicrotask(go); })()', ends: [] },
  {
    name: 'timers that arm timers',
    source: '(function go() { setTimeout(go); setTimeout(go); })()',
    ends: ['wall_ms', 'mem_mb', 'exception'],
  },
  { name: 'a flood of timers', source: 'for (;;) setTimeout(() => 0, 1e6)', ends: ['mem_mb', 'exception'] },
  { name: 'waiting for ever', source: 'await new Promise(() => { setInterval(() => 0, 5) })', ends: ['wall_ms'] },
  { name: 'a native loop over a huge array', source: 'Array(1e9) + ""', ends: [] },
  { name: 'a native loop over a huge length', source: '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)', ends: [] },
  { name: 'a quadratic search', source: '"a".repeat(1e6).indexOf("a".repeat(5e5) + "b")', ends: [] },
  { name: 'large numbers', source: 'let n = 3n; for (;;) n *= n', ends: ['mem_mb', 'exception'] },
  {
    name: 'a flood of strings',
    source: 'const s = []; for (;;) s.push("x".repeat(1e5) + s.length)',
    ends: ['mem_mb'],
  },
  { name: 'a flood of objects', source: 'let o = {}; for (;;) o = { o }', ends: ['mem_mb'] },
  {
    name: 'a flood of arrays',
    source: 'const a = []; for (;;) a.push([1, 2, 3, 4, 5, 6, 7, 8])',
    ends: ['mem_mb'],
  },
  {
    name: 'a flood of buffers',
    source: 'const b = []; for (;;) b.push(new ArrayBuffer(1e6))',
    ends: ['mem_mb', 'exception'],
  },
  { name: 'a doubling string', source: 'let s = "x"; for (;;) s += s', ends: ['exception', 'mem_mb'] },
  {
    name: 'memory that is caught',
    source: 'const b = []; for (;;) try { b.push(new ArrayBuffer(1e6)) } catch {}',
    ends: ['mem_mb'],
  },
  { name: 'one request too large', source: 'new ArrayBuffer(2 ** 30)', ends: ['exception'] },
  { name: 'a huge filled array', source: 'Array(2 ** 32 - 1).fill(0)', ends: ['exception', 'mem_mb'] },
  { name: 'deep recursion', source: '(function f() { f(); f(); })()', ends: ['exception'] },
  { name: 'deep JSON', source: 'JSON.parse("[".repeat(1e6))', ends: ['exception'] },
  { name: 'deep source', source: 'eval("(".repeat(1e5))', ends: ['exception'] },
  {
    name: 'deep proxies',
    source: 'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x',
    ends: ['exception'],
  },
  { name: 'deep values', source: 'let d = []; for (let i = 0; i < 1e5; i++) d = [d]; d', ends: ['value'] },
  { name: 'a flood of events', source: 'for (;;) console.log("x")', ends: ['max_events'] },
  { name: 'a flood of text', source: 'for (;;) console.log("x".repeat(1000))', ends: ['max_output_kb'] },
  {
    name: 'one text too large',
    source: 'console.log("x".repeat(2e6)); console.error({ a: "x".repeat(1e6) })',
    ends: ['max_output_kb'],
  },
  {
    name: 'a text too large once it is indented',
    source: 'for (let i = 0; i < 20; i++) console.group(); console.log("\\n".repeat(2e5))',
    ends: ['max_output_kb', 'mem_mb', 'exception'],
  },
  { name: 'a toString that loops in a format', source: 'console.log("%s", { toString() { for (;;); } })', ends: [] },
  {
    name: 'a toString that prints itself',
    source: 'const o = { toString() { console.log("%s", o) } }; o.toString()',
    ends: ['exception'],
  },
  { name: 'a getter that loops', source: '({ get a() { for (;;); } })', ends: ['value'] },
  {
    name: 'a proxy that loops',
    source: 'new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); }, getPrototypeOf() { for (;;); } })',
    ends: ['value'],
  },
  {
    name: 'a toJSON that loops',
    source: '({ toJSON() { for (;;) new Promise(() => { for (;;); }); } })',
    ends: [],
  },
  {
    name: 'a graph that doubles',
    source: 'let g = [1]; for (let i = 0; i < 40; i++) g = [g, g]; g',
    ends: ['value'],
  },
  {
    name: 'a stack that loops',
    source: 'const e = new Error(); Object.defineProperty(e, "stack", { get() { for (;;); } }); throw e',
    ends: ['exception'],
  },
  {
    name: 'a name that loops',
    source: 'throw Object.defineProperty(new Error(), "name", { get() { for (;;); } })',
    ends: ['exception'],
  },
  {
    name: 'a prepareStackTrace that loops',
    source: 'Error.prepareStackTrace = () => { for (;;); }; null.x',
    ends: ['exception'],
  },
  {
    name: 'an endless stack',
    source: 'Error.stackTraceLimit = 1e9; (function f() { f(); })()',
    ends: ['exception'],
  },
  {
    name: 'a proxy with a million keys',
    source: 'Object.keys(new Proxy({}, { ownKeys: () => Array.from({ length: 1e6 }, (_, i) => "k" + i) }))',
    ends: ['exception', 'mem_mb', 'value'],
  },
  {
    name: 'a giant expression',
    source: 'new RegExp(Array(1e6).fill("a").join("|"))',
    ends: ['exception', 'mem_mb', 'value'],
  },
];

let host: RuntimeHost;
let neighbour: Runtime;
let rssBefore: number;

beforeAll(async () => {
  host = createRealRuntimeHost();
  neighbour = await host.open(runtimeSpec());
  await runCode(neighbour, '1');
  rssBefore = process.memoryUsage.rss();
});

afterAll(() => host.close());

describe('a hostile script', () => {
  test.each(attacks)('$name ends in time', async ({ source, ends }) => {
    const runtime = await host.open(runtimeSpec({ limits }));
    const attack = runCode(runtime, source, { limits });
    const answer = await runCode(neighbour, '6 * 7');
    const { end, wallMs, usable } = await attack;
    const next = usable ? await runCode(runtime, 'let later = 20; later + 1', { limits }) : undefined;
    await runtime.close();
    expect(answer.end).toMatchObject({ kind: 'value', value: { json: 42 } });
    expect([...ends, 'cpu_ms']).toContain(nameOf(end));
    expect(wallMs).toBeLessThan((nameOf(end) === 'wall_ms' ? limits.wall_ms : limits.cpu_ms) + toleranceMs);
    if (next !== undefined) expect(next.end).toMatchObject({ kind: 'value', value: { json: 21 } });
  });

  test('leaves no memory behind', () => {
    expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(100 * 1024 * 1024);
  });

  test('leaves no runtime behind', () => {
    expect(host.liveCount).toBe(1);
  });
});

const nameOf = (end: RunEnd) => (end.kind === 'limit' ? end.limit : end.kind);
