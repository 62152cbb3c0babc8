// @ts-check
/** Walks what a guest passes where the web takes a list: arrays without their iterator, which a guest may have replaced. */
import { apply, bareList, isArray, iteratorKey, natives } from './primordials.js';

/** @typedef {{ next: Function }} GuestIterator */

/** @type {(value: unknown) => boolean} */
export const isIterable = (value) =>
  typeof value === 'object' &&
  value !== null &&
  (isArray(value) || typeof (/** @type {Record<symbol, unknown>} */ (value)[iteratorKey]) === 'function');

/** @type {(iterable: unknown, visit: (item: unknown) => void) => void} */
export function forEachOf(iterable, visit) {
  if (isArray(iterable)) {
    for (let index = 0; index < iterable.length; index += 1) visit(iterable[index]);
    return;
  }
  const open = /** @type {Record<symbol, Function>} */ (iterable)[iteratorKey];
  if (typeof open !== 'function') throw new natives.TypeError('A list is wanted here');
  const iterator = apply(open, iterable, bareList([]));
  for (;;) {
    const { done, value } = /** @type {GuestIterator} */ (iterator).next();
    if (done) return;
    visit(value);
  }
}

/**
 * Reads a name and a value out of what stands for a pair.
 * @type {(pair: unknown) => { readonly name: string, readonly value: string }}
 */
export function pairOf(pair) {
  if (!isIterable(pair)) throw new natives.TypeError('Each entry must be a pair of a name and a value');
  /** @type {unknown[]} */
  const items = bareList([]);
  forEachOf(pair, (item) => {
    items[items.length] = item;
  });
  if (items.length !== 2) throw new natives.TypeError('Each entry must be a pair of a name and a value');
  return { name: '' + items[0], value: '' + items[1] };
}
