import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { monotonicMs } from '#main/runtime/monotonic-clock';
import { RunMeter } from '#main/runtime/run-meter';
import { Watchdog } from '#main/runtime/watchdog';
import { defaultSettings } from '#shared/contract/template';

const limits = { ...defaultSettings.limits, wall_ms: 2000 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'hrtime'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Watches a run for a while of fake time and tells when and why it was killed. */
function watch(arrange: (meter: RunMeter) => void, forMs = 5000) {
  const meter = new RunMeter();
  meter.reset();
  const startedMs = monotonicMs();
  const kills: { reason: string; atMs: number }[] = [];
  const kill = (reason: string) => kills.push({ reason, atMs: Math.round(monotonicMs() - startedMs) });
  const watchdog = new Watchdog({ meter, limits, startedMs, kill });
  arrange(meter);
  vi.advanceTimersByTime(forMs);
  watchdog.stop();
  return kills;
}

test('kills a guest that is not back a quarter of a second after its deadline, for the reason of that deadline', () => {
  const kills = watch((meter) => meter.enterGuest(0, { atMs: 500, reason: 'cpu_ms' }));
  expect(kills).toEqual([{ reason: 'cpu_ms', atMs: 775 }]);
});

test('kills what outlives the wall clock, also while no guest code runs', () => {
  expect(watch(() => undefined)).toEqual([{ reason: 'wall_ms', atMs: 2275 }]);
});

test('kills a run that does not end a quarter of a second after it was cancelled', () => {
  expect(watch((meter) => meter.requestCancel())).toEqual([{ reason: 'cancelled', atMs: 300 }]);
});

test('leaves a guest alone that is back in time', () => {
  const kills = watch((meter) => {
    meter.enterGuest(0, { atMs: 500, reason: 'cpu_ms' });
    meter.leaveGuest(100);
  }, 1900);
  expect(kills).toEqual([]);
});

test('kills a guest that was stopped before for the reason of that', () => {
  const kills = watch((meter) => {
    meter.enterGuest(0, { atMs: 500, reason: 'cpu_ms' });
    meter.markStopped('max_events');
  });
  expect(kills).toEqual([{ reason: 'max_events', atMs: 775 }]);
});
