// @ts-check
/** The console of guests: every call becomes one event of a level, as one text. */
import { format, shorten } from './format.js';
import { tellHost } from './host.js';
import { inspect } from './inspect.js';
import { indent } from './layout.js';
import {
  bareList,
  dateNow,
  defineProperty,
  globalObject,
  mapDelete,
  mapGet,
  mapSet,
  natives,
  numberToFixed,
  stringRepeat,
} from './primordials.js';
import { tableText } from './table.js';

/** @typedef {'log' | 'warn' | 'error' | 'info' | 'debug'} Level */

/** @type {Map<string, number>} */
const counts = new natives.Map();
/** @type {Map<string, number>} */
const timers = new natives.Map();
let groupDepth = 0;

/** @type {(level: Level, text: string) => void} */
function emit(level, text) {
  const placed = groupDepth === 0 ? text : stringRepeat('  ', groupDepth) + indent(text, groupDepth * 2);
  tellHost('console.' + level, shorten(placed));
}

/** @type {(level: Level) => (...args: unknown[]) => void} */
const printer =
  (level) =>
  (...args) =>
    emit(level, format(args));

const label = (/** @type {unknown} */ value) => (value === undefined ? 'default' : format(bareList([value])));

const methods = {
  log: printer('log'),
  info: printer('info'),
  debug: printer('debug'),
  warn: printer('warn'),
  error: printer('error'),
  dir: (/** @type {unknown} */ value) => emit('log', inspect(value)),
  table: (/** @type {unknown} */ data) => emit('log', tableText(data) ?? format(bareList([data]))),
  trace: (/** @type {unknown[]} */ ...args) => emit('error', traceText(args)),
  assert: (/** @type {unknown} */ condition, /** @type {unknown[]} */ ...args) => {
    if (condition) return;
    emit('error', args.length === 0 ? 'Assertion failed' : 'Assertion failed: ' + format(args));
  },
  count: (/** @type {unknown} */ name) => {
    const count = (mapGet(counts, label(name)) ?? 0) + 1;
    mapSet(counts, label(name), count);
    emit('log', label(name) + ': ' + count);
  },
  countReset: (/** @type {unknown} */ name) => {
    mapDelete(counts, label(name));
  },
  time: (/** @type {unknown} */ name) => {
    mapSet(timers, label(name), dateNow());
  },
  timeLog: (/** @type {unknown} */ name) => emit('log', timerText(label(name))),
  timeEnd: (/** @type {unknown} */ name) => {
    emit('log', timerText(label(name)));
    mapDelete(timers, label(name));
  },
  group: (/** @type {unknown[]} */ ...args) => {
    if (args.length > 0) emit('log', format(args));
    if (groupDepth < 20) groupDepth += 1;
  },
  groupEnd: () => {
    if (groupDepth > 0) groupDepth -= 1;
  },
};

/** @type {(name: string) => string} */
function timerText(name) {
  const started = mapGet(timers, name);
  return started === undefined ? 'No such timer: ' + name : name + ': ' + numberToFixed(dateNow() - started, 0) + 'ms';
}

/** @type {(args: unknown[]) => string} */
function traceText(args) {
  const trace = new natives.Error(args.length === 0 ? '' : format(args));
  defineProperty(trace, 'name', /** @type {PropertyDescriptor} */ ({ __proto__: null, value: 'Trace' }));
  return inspect(trace);
}

/** Gives guests their console. */
export function installConsole() {
  defineProperty(methods, 'groupCollapsed', {
    configurable: true,
    enumerable: true,
    writable: true,
    value: methods.group,
  });
  defineProperty(globalObject, 'console', { configurable: true, writable: true, value: methods });
}
