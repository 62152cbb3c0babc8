/** Clock and ids of the real world. */
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Clock, IdGenerator } from '#core/ports';

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  elapsedMs: () => performance.now(),
};

export const systemIds: IdGenerator = { next: () => randomUUID() };
