/** Clock, ids and digests of the real world. */
import { createHash, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Clock, IdGenerator, Sha256 } from '#core/ports';

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  elapsedMs: () => performance.now(),
};

export const systemIds: IdGenerator = { next: () => randomUUID() };

export const systemSha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex');
