import { expect, test } from 'vitest';
import { RunMeter } from '#main/runtime/run-meter';

/** The two ends of one meter, as worker and host hold them. */
function ends() {
  const host = new RunMeter();
  host.reset();
  return { host, worker: new RunMeter(host.buffer) };
}

test('shows the deadline while the guest runs, and none while it waits', () => {
  const { host, worker } = ends();
  const before = host.deadline;
  worker.enterGuest(10, { atMs: 200, reason: 'wall_ms' });
  const during = host.deadline;
  worker.leaveGuest(5);
  expect([before, during, host.deadline]).toEqual([undefined, { atMs: 200, reason: 'wall_ms' }, undefined]);
});

test('counts time in the guest, up to now while it runs', () => {
  const { host, worker } = ends();
  worker.leaveGuest(30);
  worker.enterGuest(100, { atMs: 200, reason: 'cpu_ms' });
  const during = host.cpuMs(150);
  worker.leaveGuest(90);
  expect([during, host.cpuMs(500)]).toEqual([80, 90]);
});

test('carries a cancel from the host to the worker until the next run', () => {
  const { host, worker } = ends();
  host.requestCancel();
  const asked = worker.isCancelRequested;
  host.reset();
  expect([asked, worker.isCancelRequested]).toEqual([true, false]);
});

test('carries memory and output', () => {
  const { host, worker } = ends();
  worker.memoryBytes = 3 * 65_536;
  worker.outputBytes = 1234;
  expect([host.memoryBytes, host.outputBytes]).toEqual([196_608, 1234]);
});

test('lets the worker wait until a batch is handled, it is cancelled, or its time is over', () => {
  const { host, worker } = ends();
  const startedMs = performance.now();
  host.batchHandled();
  worker.waitForBatches(1, 60_000);
  worker.waitForBatches(2, 30);
  const waitedMs = performance.now() - startedMs;
  host.requestCancel();
  worker.waitForBatches(2, 60_000);
  expect(waitedMs).toBeGreaterThanOrEqual(30);
});
