import { once } from 'node:events';
import { setImmediate as everyoneElse } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WorkerHandle } from '#main/runtime/worker-handle';
import { WorkerPool } from '#main/runtime/worker-pool';
import { SilentLog } from '../../../support/silent-log.ts';

/** Workers of this kind never get ready. */
const endlessMemMb = 1;

const code = `
  import { parentPort, workerData } from 'node:worker_threads';
  parentPort.on('message', () => undefined);
  if (workerData.options.memMb !== ${endlessMemMb}) parentPort.postMessage(JSON.stringify({ kind: 'ready' }));`;

let pool: WorkerPool;
const taken: WorkerHandle[] = [];
const starting: Promise<unknown>[] = [];
const noteStart = (worker: Worker) => starting.push(once(worker, 'message'));

beforeEach(async () => {
  process.on('worker', noteStart);
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  // (module): the workers of these tests run no engine
  const wasmModule = await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const start = { url, assets: { wasmModule, guestSources: {} }, options: { memMb: 128 } };
  pool = new WorkerPool({ start, spareWorkers: 2, log: new SilentLog() });
});

afterEach(async () => {
  process.off('worker', noteStart);
  starting.length = 0;
  vi.useRealTimers();
  await Promise.all([pool.close(), ...taken.splice(0).map((worker) => worker.terminate())]);
});

async function allReady(): Promise<void> {
  await everyoneElse(); // the process tells of a worker a little after its start
  await Promise.all(starting);
}

/** Takes a worker, lets the pool refill, and tells how the worker was booted. */
async function take(memMb: number): Promise<number> {
  const worker = await pool.take({ memMb });
  taken.push(worker);
  vi.runAllTimers();
  return worker.options.memMb;
}

/** As `take`, once every worker is ready. */
async function takeReady(memMb: number): Promise<number> {
  await allReady();
  return take(memMb);
}

test('boots the next spare as the last session wanted it', async () => {
  expect([await takeReady(64), await takeReady(64), await takeReady(64)]).toEqual([128, 64, 64]);
});

test('keeps a spare for each of two kinds that take turns', async () => {
  await takeReady(64);
  expect([await takeReady(64), await takeReady(128), await takeReady(64), await takeReady(128)]).toEqual([
    64, 128, 64, 128,
  ]);
});

test('prefers a spare that is ready to one that fits and is still starting', async () => {
  expect([await takeReady(endlessMemMb), await take(endlessMemMb)]).toEqual([128, 128]);
});

test('starts a worker as it is wanted where no spare is left', async () => {
  const workers = await Promise.all([128, 128, 32].map((memMb) => pool.take({ memMb })));
  taken.push(...workers);
  expect(workers.map(({ options }) => options.memMb)).toEqual([128, 128, 32]);
});
