/** Calls of the guest to services of the host: answered as the guest sees it at once, and never at the host's cost. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestError } from '#core/guest-error';
import type { GuestCall, GuestCallContext, GuestReply, RuntimeHost } from '#core/ports';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { runCode } from '../../support/run-code.ts';

let worktree: string;
let host: RuntimeHost;
/** What a test wants the host to answer for the module `fs`. */
let answer: (call: GuestCall, context: GuestCallContext) => Promise<GuestReply>;

beforeAll(async () => {
  worktree = await mkdtemp(join(tmpdir(), 'vm-system-calls-'));
  await writeFile(join(worktree, 'a.txt'), 'hello');
  const services = {
    open: () => ({ call: (...args: Parameters<typeof answer>) => answer(...args), close: async () => undefined }),
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
