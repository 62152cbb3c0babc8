/** Calls of the guest to services of the host: answered as the guest sees it at once, and never at the host's cost. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GuestError } from '#core/guest-error';
import type { GuestCall, GuestCallContext, GuestReply, RuntimeHost } from '#core/ports';
import { GuestCalls } from '#main/runtime/guest-calls';
import { RunMeter } from '#main/runtime/run-meter';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { runCode } from '../../support/run-code.ts';
import { SilentLog } from '../../support/silent-log.ts';

let worktree: string;
let host: RuntimeHost;
/** What a test wants the host to answer for the module `fs`. */
let answer: (call: GuestCall, context: GuestCallContext) => Promise<GuestReply>;

beforeAll(async () => {
  worktree = await mkdtemp(join(tmpdir(), 'vm-system-calls-'));
  await writeFile(join(worktree, 'a.txt'), 'hello');
  const services = {
    open: () => ({
      call: (...args: Parameters<typeof answer>) => answer(...args),
      endRun: async () => [],
      close: async () => undefined,
    }),
  };
  host = createRealRuntimeHost({ services });
});

afterAll(async () => {
  await host.close();
  await rm(worktree, { recursive: true });
});

async function run(source: string, limits = {}) {
  const runtime = await host.open(runtimeSpec({ modules: ['fs'], worktree, limits }));
  try {
    const first = await runCode(runtime, source, { limits });
    return { ...first, isAlive: runtime.isAlive };
  } finally {
    await runtime.close();
  }
}

test('a guest reads a file of its worktree as if it were at once', async () => {
  const real = createRealRuntimeHost();
  const runtime = await real.open(runtimeSpec({ modules: ['fs'], worktree }));
  const outcome = await runCode(runtime, 'require("fs").readFileSync("a.txt") + "!"');
  expect(outcome.end).toMatchObject({ kind: 'value', value: { json: 'hello!' } });
  await real.close();
});

test('what the host refuses is thrown in the guest, with its fields', async () => {
  answer = async () => {
    throw new GuestError('no such thing', { code: 'ENOENT', path: 'x' }, 'RangeError');
  };
  const outcome = await run(
    'try { require("fs").readFileSync("x") } catch (e) { [e instanceof RangeError, e.code, e.path, e.message].join() }',
  );
  expect(outcome.end).toMatchObject({ value: { json: 'true,ENOENT,x,no such thing' } });
});

test('a fault of the host is told to the guest without its cause', async () => {
  answer = async () => {
    throw new Error('secret of the host');
  };
  const outcome = await run('require("fs").readFileSync("x")');
  expect(outcome.end).toMatchObject({
    kind: 'exception',
    exception: { message: expect.not.stringContaining('secret') },
  });
});

test('waiting for the host is wall time and no cpu time', async () => {
  answer = () => new Promise((resolve) => setTimeout(resolve, 400, { value: null, text: Buffer.from('late') }));
  const outcome = await run('require("fs").readFileSync("x")', { cpu_ms: 100 });
  expect(outcome).toMatchObject({ end: { value: { json: 'late' } }, usable: true });
  expect(outcome.cpuMs).toBeLessThan(100);
  expect(outcome.wallMs).toBeGreaterThanOrEqual(399);
});

test('a call that is never answered ends with the wall limit, and the session keeps its runtime', async () => {
  let isAborted = false;
  answer = (_call, { abort }) =>
    new Promise(() =>
      abort.addEventListener(
        'abort',
        () => {
          isAborted = true;
        },
        { once: true },
      ),
    );
  const { isAlive, ...outcome } = await run('for (;;) try { require("fs").readFileSync("x") } catch {}', {
    wall_ms: 300,
  });
  expect(outcome.end).toMatchObject({ kind: 'limit', limit: 'wall_ms' });
  expect([isAborted, isAlive]).toEqual([true, true]);
});

test('what a service prints becomes an event before the answer', async () => {
  answer = async (_call, { print }) => {
    print('stdout', 'one');
    print('stderr', 'two');
    return { value: null };
  };
  const { events } = await run('console.log("before"); require("fs").readFileSync("x"); console.log("after")');
  expect(events.map(({ type }) => type)).toEqual(['console', 'stdout', 'stderr', 'console']);
});

describe('a call that is too long to be read', () => {
  const large = 'Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ["k" + i, i]))';

  test('is refused where it is made', async () => {
    let calls = 0;
    answer = async () => {
      calls += 1;
      return { value: null };
    };
    const outcome = await run(
      'try { require("fs").statSync("x".repeat(3e5)) } catch (e) { [e.name, e.message].join() }',
    );
    expect(outcome.end).toMatchObject({ value: { json: expect.stringMatching(/^RangeError,.*at most 262144 char/) } });
    expect(calls).toBe(0);
  });

  test('cannot be smuggled into a short one', async () => {
    answer = async ({ argument }) => ({ value: null, text: Buffer.from(JSON.stringify(argument)) });
    const outcome = await run(`
      const large = ${large};
      Object.prototype.toJSON = function () { return large; };
      try { require('fs').readFileSync('x') } finally { delete Object.prototype.toJSON }`);
    expect(outcome.end).toMatchObject({ value: { json: '{"path":"x","encoding":"utf8"}' } });
  });
});

test('a host refuses what is too long before it reads it, whatever the worker did', async () => {
  const { port1, port2 } = new MessageChannel();
  const asked: GuestCall[] = [];
  const services = {
    call: async (call: GuestCall) => {
      asked.push(call);
      return { value: null };
    },
    endRun: async () => [],
    close: async () => undefined,
  };
  const calls = new GuestCalls({ port: port1, meter: new RunMeter(), services, log: new SilentLog() });
  const answered = once(port2, 'message');
  port2.postMessage({ id: 1, service: 'fs', operation: 'stat', json: JSON.stringify('x'.repeat(300_000)) });
  expect((await answered)[0]).toMatchObject({ kind: 'refusal', error: { fields: { code: 'CALL_TOO_LARGE' } } });
  expect(asked).toEqual([]);
  await calls.close();
});

describe('answers that wait', () => {
  test('are bounded by their size, and the guest goes on once it has taken some', async () => {
    answer = async () => ({ value: null, bytes: new Uint8Array(40 * 1024 * 1024) });
    const outcome = await run(
      `
      const { promises } = require('fs');
      const outcomes = [];
      const read = () => promises.readFile('x', null).then((b) => outcomes.push(b.length), (e) => outcomes.push(e.code));
      const both = Promise.all([read(), read()]);
      for (const end = Date.now() + 1500; Date.now() < end; );
      await both;
      await read();
      outcomes.sort().join()`,
      { mem_mb: 512 },
    );
    expect(outcome.end).toMatchObject({ value: { json: '41943040,41943040,ANSWERS_WAITING' } });
  });
});

test.each([
  ['control characters', "'\\x01'"],
  ['NUL', "'\\0'"],
  ['quotes', "'\"'"],
  ['lone surrogates', "'\\ud800'"],
  ['two bytes of UTF-8', "'é'"],
])('ten million %s go to the host and come back', async (_name, character) => {
  let written: Uint8Array = new Uint8Array();
  answer = async ({ operation, bytes }) => {
    if (operation === 'readFile') return { value: null, text: written };
    written = bytes ?? written;
    return { value: null };
  };
  const outcome = await run(
    `
    const fs = require('fs');
    const text = ${character}.repeat(1e7);
    fs.writeFileSync('x', text);
    fs.readFileSync('x') === text.toWellFormed()`,
    { mem_mb: 256 },
  );
  expect(outcome).toMatchObject({ end: { value: { json: true } }, isAlive: true });
});

test.each(['utf8', 'latin1', 'ascii', 'hex', 'base64', 'base64url', 'utf16le', 'ucs2', 'binary'] as const)(
  'a text is read in %s as Node reads it',
  async (encoding) => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0, 0x41, 0xe9, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0xd8, 0, 0xd8]);
    answer = async () => ({ value: null, text: bytes });
    const outcome = await run(
      `Array.from(require('fs').readFileSync('x', '${encoding}'), (c) => c.codePointAt()).join()`,
    );
    const expected = Array.from(bytes.toString(encoding), (one) => one.codePointAt(0)).join();
    expect(outcome.end).toMatchObject({ value: { json: expected } });
  },
);

test.each([
  ['an error on every object', "Object.prototype.error = { name: 'Error', message: 'planted', fields: {} }"],
  [
    'setters on arrays',
    'for (const i of [0, 1, 2]) Object.defineProperty(Array.prototype, i, { configurable: true, set() { reread() } })',
  ],
  ['toJSON on objects', 'Object.prototype.toJSON = function () { reread(); return this }'],
  [
    'getters of what a reply may lack',
    "for (const k of ['bytes', 'text', 'encoding', 'hasBytes']) Object.defineProperty(Object.prototype, k, { configurable: true, get() { reread() } })",
  ],
  [
    'a then on every object',
    "Object.defineProperty(Object.prototype, 'then', { configurable: true, get() { reread() } })",
  ],
])('a guest with %s gets the bytes it asked for', async (_name, tampering) => {
  answer = async ({ argument }) => ({ value: null, bytes: Buffer.from(JSON.stringify(argument)) });
  const outcome = await run(`
    const fs = require('fs');
    let isInside = false;
    const reread = () => { if (!isInside) { isInside = true; fs.readFileSync('other', null); isInside = false; } };
    ${tampering};
    const bytes = fs.readFileSync('mine', null);
    for (const key of ['error', 'toJSON', 'bytes', 'text', 'encoding', 'hasBytes', 'then']) delete Object.prototype[key];
    for (const i of [0, 1, 2]) delete Array.prototype[i];
    String.fromCharCode(...bytes)`);
  expect(outcome.end).toMatchObject({ value: { json: '{"path":"mine","encoding":null}' } });
});
