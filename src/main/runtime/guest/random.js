// @ts-check
/**
 * Math.random with a state that the host seeds. The engine's own generator lives in its memory, so two sessions restored
 * from one checkpoint would draw the same numbers; this one is seeded anew for every instance. Not for secrets.
 */
import { defineProperty, natives } from './primordials.js';

let a = 1;
let b = 2;
let c = 3;
let counter = 1;

/** @type {(seed: readonly number[]) => void} */
export function seedRandom(seed) {
  a = (seed[0] ?? 1) | 0;
  b = (seed[1] ?? 2) | 0;
  c = (seed[2] ?? 3) | 0;
  counter = 1;
  for (let round = 0; round < 12; round += 1) nextWord();
}

/** One step of Chris Doty-Humphrey's sfc32: small, fast, and passes the usual batteries. */
function nextWord() {
  const word = (((a + b) | 0) + counter) | 0;
  counter = (counter + 1) | 0;
  a = b ^ (b >>> 9);
  b = (c + (c << 3)) | 0;
  c = (((c << 21) | (c >>> 11)) + word) | 0;
  return word >>> 0;
}

/** A double in [0, 1) with all of its 53 bits random. */
const random = () => ((nextWord() >>> 5) * 67108864 + (nextWord() >>> 6)) / 9007199254740992;

export function installRandom() {
  defineProperty(random, 'name', { value: 'random' });
  defineProperty(natives.Math, 'random', { configurable: true, writable: true, value: random });
}
