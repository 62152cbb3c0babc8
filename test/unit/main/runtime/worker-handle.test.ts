import { afterEach, expect, test } from 'vitest';
import { GuestCalls } from '#main/runtime/guest-calls';
import { monotonicMs } from '#main/runtime/monotonic-clock';
import { WorkerHandle } from '#main/runtime/worker-handle';
import { WorkerRuntime } from '#main/runtime/worker-runtime';
import { runRequest } from '../../../support/run-code.ts';
import { SilentLog } from '../../../support/silent-log.ts';

const handles: WorkerHandle[] = [];

afterEach(async () => {
  await Promise.all(handles.splice(0).map((handle) => handle.terminate()));
});

/** A handle on a worker whose whole code this is; `post` sends a message. */
async function handleOn(code: string): Promise<WorkerHandle> {
  const prefix = `
    import { parentPort, workerData } from 'node:worker_threads';
    const post = (message) => parentPort.postMessage(typeof message === 'string' ? message : JSON.stringify(message));`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(prefix + code)}`);
  // (module): the worker of these tests runs no engine
  const wasmModule = await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const assets = { wasmModule, guestSources: {} };
  const handle = new WorkerHandle({ url, assets, options: { memMb: 16 } });
  handles.push(handle);
  return handle;
}

const journalModule = new URL('../../../../src/main/runtime/output-journal.ts', import.meta.url).href;
const order = () => ({ request: runRequest('1'), strict: false, startedMs: monotonicMs() });
const ready = `post({ kind: 'ready' });`;

test.each([
  ['ends before it is ready', 'process.exit(3)', 'it ended with code 3'],
  ['throws while it starts', 'throw new Error("no engine")', 'no engine'],
  ['says that it failed', 'post({ kind: "failed", message: "no memory" })', 'no memory'],
  ['sends what is no JSON', 'post("{")', 'it sent what is no message'],
  ['sends an unknown message', 'post({ kind: "surprise" })', 'it sent what is no message'],
])('a worker that %s is an error with its reason', async (_name, code, reason) => {
  const handle = await handleOn(code);
  await expect(handle.ready).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining(reason) });
  expect(await handle.ended).toContain(reason);
});

test('a worker that goes away during a run rejects it, after what it had printed', async () => {
  const handle = await handleOn(`
    import { OutputJournal } from '${journalModule}';
    ${ready}
    const event = (text) => ({ type: 'console', ts: '2026-11-20T00:00:00.000Z', payload: { level: 'log', text } });
    parentPort.on('message', (message) => {
      const { id } = JSON.parse(message);
      post({ kind: 'events', id, events: [event('sent')] });
      const journal = new OutputJournal(workerData.journal);
      journal.append(event('sent'));
      journal.append(event('kept'));
      process.exit(7);
    });`);
  await handle.ready;
  const texts: unknown[] = [];
  const run = handle.run(order(), (events) => texts.push(...events.map(({ payload }) => payload)));
  await expect(run).rejects.toMatchObject({ message: expect.stringContaining('it ended with code 7') });
  expect(texts).toEqual([
    { level: 'log', text: 'sent' },
    { level: 'log', text: 'kept' },
  ]);
});

test('a runtime whose worker ends while it is idle is not alive, and knows it before anything is asked of it', async () => {
  const handle = await handleOn(`${ready} parentPort.once('message', () => process.exit(7));`);
  await handle.ready;
  const services = {
    call: () => Promise.reject(new Error('not asked')),
    endRun: async () => [],
    close: async () => undefined,
  };
  const calls = new GuestCalls({ port: handle.callPort, meter: handle.meter, services, log: new SilentLog() });
  const runtime = new WorkerRuntime({ worker: handle, calls, strict: false, onGone: () => undefined });
  const before = runtime.isAlive;
  handle.cancel();
  await handle.ended;
  expect([before, runtime.isAlive]).toEqual([true, false]);
});

test('a request to a worker that is gone is rejected at once', async () => {
  const handle = await handleOn(ready);
  await handle.ready;
  await handle.terminate();
  await expect(handle.run(order(), () => undefined)).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('a flood on the own output of a worker does not reach the host', async () => {
  const handle = await handleOn(`for (let i = 0; i < 1000; i += 1) console.error('x'.repeat(1000)); ${ready}`);
  await handle.ready;
  expect(handle.isEnded).toBe(false);
});
