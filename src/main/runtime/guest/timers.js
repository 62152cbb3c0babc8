// @ts-check
/**
 * Timers and microtasks as guests see them. The guest keeps the callbacks, the host keeps the schedule: it alone knows
 * the time and decides when a callback may run, which is never outside an execution.
 */
import { tellHost } from './host.js';
import {
  apply,
  bareList,
  defineProperty,
  globalObject,
  mapClear,
  mapDelete,
  mapEntries,
  mapGet,
  mapSet,
  natives,
  nextMapEntry,
  toNumber,
} from './primordials.js';

/** @typedef {{ readonly callback: Function, readonly args: unknown[], readonly repeat: boolean }} Timer */

/** @type {Map<number, Timer>} */
const timers = new natives.Map();
let lastId = 0;

/** @type {(callback: unknown, delay: unknown, args: unknown[], repeat: boolean) => number} */
function arm(callback, delay, args, repeat) {
  if (typeof callback !== 'function') throw new natives.TypeError('The callback of a timer must be a function');
  const id = lastId + 1;
  tellHost('timer.arm', bareList([id, delayOf(delay), repeat]));
  lastId = id;
  mapSet(timers, id, { callback, args, repeat });
  return id;
}

/** As browsers and Node do: what is no sensible delay means one millisecond. */
function delayOf(/** @type {unknown} */ delay) {
  const milliseconds = toNumber(delay);
  return milliseconds >= 1 && milliseconds <= 2147483647 ? milliseconds : 1;
}

/** @type {(id: unknown) => void} */
function disarm(id) {
  const number = toNumber(id);
  if (mapDelete(timers, number)) tellHost('timer.disarm', number);
}

/** Runs a callback of the prelude's after a time, which holds no run open: that is what an interval does not. */
export function runInBackground(/** @type {() => void} */ callback, /** @type {number} */ delay) {
  const id = arm(
    () => {
      disarm(id);
      callback();
    },
    delay,
    bareList([]),
    true,
  );
}

/** Throws where nobody can catch it, so that it ends the run. */
export function throwLater(/** @type {unknown} */ error) {
  const thrower = () => {
    throw error;
  };
  arm(thrower, 0, bareList([]), false);
}

/** Runs the callback of a due timer; what it throws is the caller's. */
export function fireTimer(/** @type {number} */ id) {
  const timer = mapGet(timers, id);
  if (timer === undefined) return;
  if (!timer.repeat) mapDelete(timers, id);
  apply(timer.callback, undefined, timer.args);
}

/** Forgets every timer, or only those that fire once. */
export function dropTimers(/** @type {boolean} */ keepIntervals) {
  if (!keepIntervals) return mapClear(timers);
  const iterator = mapEntries(timers);
  for (let entry = nextMapEntry(iterator); entry.done !== true; entry = nextMapEntry(iterator)) {
    const id = /** @type {number} */ (entry.value[0]);
    if (mapGet(timers, id)?.repeat === false) mapDelete(timers, id);
  }
}

/** @type {(reportUncaught: (error: unknown) => void) => void} */
export function installTimers(reportUncaught) {
  /** Awaiting is the one way to a microtask that no guest can redefine. */
  async function runSoon(/** @type {Function} */ callback) {
    await undefined;
    try {
      callback();
    } catch (error) {
      reportUncaught(error);
    }
  }
  install(
    'setTimeout',
    (/** @type {unknown} */ callback, /** @type {unknown} */ delay, /** @type {unknown[]} */ ...args) =>
      arm(callback, delay, args, false),
  );
  install(
    'setInterval',
    (/** @type {unknown} */ callback, /** @type {unknown} */ delay, /** @type {unknown[]} */ ...args) =>
      arm(callback, delay, args, true),
  );
  install('clearTimeout', disarm);
  install('clearInterval', disarm);
  install('queueMicrotask', (/** @type {unknown} */ callback) => {
    if (typeof callback !== 'function') throw new natives.TypeError('The callback of a microtask must be a function');
    runSoon(callback);
  });
}

/** @type {(name: string, value: Function) => void} */
function install(name, value) {
  defineProperty(value, 'name', { value: name });
  defineProperty(globalObject, name, { configurable: true, writable: true, value });
}
