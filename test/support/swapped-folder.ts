/**
 * Swaps a folder for a link and back, again and again, in a thread of its own that never rests: whoever looks first and
 * acts then is led astray within milliseconds.
 */

import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

const source = `
  const { renameSync } = require('node:fs');
  const { folder, link, counter } = require('node:worker_threads').workerData;
  let obstacles = 0;
  // A guest that makes what is missing makes the folder while it is away.
  const put = (from, to) => {
    for (;;) {
      try {
        return renameSync(from, to);
      } catch {
        renameSync(to, to + '-made-' + obstacles++);
      }
    }
  };
  for (;;) {
    put(folder, folder + '-kept');
    put(link, folder);
    put(folder, link);
    put(folder + '-kept', folder);
    Atomics.add(counter, 0, 1);
  }`;

export interface Swapper {
  swaps(): number;
  stop(): Promise<void>;
}

/** Resolves once the swapping is going on. */
export async function swapForLink(folder: string, link: string): Promise<Swapper> {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(source, { eval: true, workerData: { folder, link, counter } });
  onTestFinished(async () => {
    await worker.terminate();
  });
  await Atomics.waitAsync(counter, 0, 0, 10_000).value;
  while (Atomics.load(counter, 0) === 0) await new Promise(setImmediate);
  return {
    swaps: () => Atomics.load(counter, 0),
    stop: async () => {
      await worker.terminate();
    },
  };
}
