// @ts-check
/** The console of guests: every call becomes one event of a level, as one text. */
import { errorStack } from './error-text.js';
import { format, shorten } from './format.js';
import { askHost, tellHost } from './host.js';
import { inspect } from './inspect.js';
import { dataProperty } from './kind.js';
import { indent } from './layout.js';
import {
  bareList,
  defineProperty,
  floor,
  globalObject,
  mapDelete,
  mapGet,
  mapSet,
  natives,
  numberToFixed,
  ownKeys,
  stringPadStart,
  stringRepeat,
  tagKey,
  toNumber,
  toText,
} from './primordials.js';
import { cellsOf, readTable, tableText } from './table.js';

/** @typedef {'log' | 'warn' | 'error' | 'info' | 'debug'} Level */

/** @type {Map<string, number>} */
const counts = new natives.Map();
/** @type {Map<string, number>} */
const timers = new natives.Map();
let groupDepth = 0;

/** @type {(level: Level, text: string, table?: import('./table.js').Cells) => void} */
function emit(level, text, table) {
  const placed = groupDepth === 0 ? text : stringRepeat('  ', groupDepth) + indent(text, groupDepth * 2);
  if (table === undefined) tellHost('console.' + level, shorten(placed));
  else tellHost('console.table', { __proto__: null, text: shorten(placed), table });
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
  dir: (/** @type {unknown} */ value, /** @type {unknown} */ options) => emit('log', dirText(value, options)),
  dirxml: printer('log'),
  table: (/** @type {unknown} */ data, /** @type {unknown} */ columns) => {
    const table = readTable(data, columns);
    if (table === undefined) emit('log', format(bareList([data])));
    else emit('log', tableText(table), cellsOf(table));
  },
  trace: (/** @type {unknown[]} */ ...args) => emit('error', traceText(args)),
  assert: (/** @type {unknown} */ condition, /** @type {unknown[]} */ ...args) => {
    if (!condition) emit('error', assertionText(args));
  },
  count: (/** @type {unknown} */ name) => {
    const count = (mapGet(counts, label(name)) ?? 0) + 1;
    mapSet(counts, label(name), count);
    emit('log', label(name) + ': ' + count);
  },
  countReset: (/** @type {unknown} */ name) => {
    if (!mapDelete(counts, label(name))) emit('warn', "Count for '" + label(name) + "' does not exist");
  },
  time: (/** @type {unknown} */ name) => {
    if (mapGet(timers, label(name)) !== undefined)
      emit('warn', "Label '" + label(name) + "' already exists for console.time()");
    else mapSet(timers, label(name), nowMs());
  },
  timeLog: (/** @type {unknown} */ name, /** @type {unknown[]} */ ...args) => {
    const rest = args.length === 0 ? '' : ' ' + format(args);
    emitTimer('timeLog', label(name), rest);
  },
  timeEnd: (/** @type {unknown} */ name) => {
    emitTimer('timeEnd', label(name), '');
    mapDelete(timers, label(name));
  },
  group: (/** @type {unknown[]} */ ...args) => openGroup(args),
  groupCollapsed: (/** @type {unknown[]} */ ...args) => openGroup(args),
  groupEnd: () => {
    if (groupDepth > 0) groupDepth -= 1;
  },
  // There is no screen to clear, and no profiler to tell: programs that call these still run.
  clear: () => {},
  timeStamp: () => {},
  profile: () => {},
  profileEnd: () => {},
};

function openGroup(/** @type {unknown[]} */ args) {
  if (args.length > 0) emit('log', format(args));
  if (groupDepth < 20) groupDepth += 1;
}

/** Milliseconds that only ever grow, with their fractions. */
const nowMs = () => toNumber(askHost('time.now', null));

/** @type {(method: string, name: string, rest: string) => void} */
function emitTimer(method, name, rest) {
  const started = mapGet(timers, name);
  if (started === undefined) emit('warn', "No such label '" + name + "' for console." + method + '()');
  else emit('log', name + ': ' + durationText(nowMs() - started) + rest);
}

/** As Node writes durations: the unit that fits, three decimals below a second. */
function durationText(/** @type {number} */ ms) {
  if (ms < 1000) return toText(toNumber(numberToFixed(ms, 3))) + 'ms';
  const seconds = ms / 1000;
  if (seconds < 60) return numberToFixed(seconds, 3) + 's';
  const minutes = floor(seconds / 60);
  const rest = numberToFixed(seconds - minutes * 60, 3);
  return minutes + ':' + stringPadStart(rest, 6, '0') + ' (m:ss.mmm)';
}

/** @type {(value: unknown, options: unknown) => string} */
function dirText(value, options) {
  if (typeof options !== 'object' || options === null) return inspect(value);
  const depth = dataProperty(options, 'depth');
  return inspect(value, depthOf(depth), dataProperty(options, 'showHidden') === true);
}

/** No limit means the deepest that the stack of the engine holds with ease. */
const deepest = 50;

function depthOf(/** @type {unknown} */ depth) {
  if (depth === null) return deepest;
  if (typeof depth !== 'number' || !(depth >= 0)) return undefined;
  return depth < deepest ? depth : deepest;
}

/** @type {(args: unknown[]) => string} */
function assertionText(args) {
  const first = args[0];
  if (args.length === 0) return 'Assertion failed';
  if (typeof first !== 'string') return 'Assertion failed ' + format(args);
  return 'Assertion failed: ' + format(args);
}

/** @type {(args: unknown[]) => string} */
function traceText(args) {
  const trace = new natives.Error(args.length === 0 ? '' : format(args));
  defineProperty(trace, 'name', /** @type {PropertyDescriptor} */ ({ __proto__: null, value: 'Trace' }));
  return errorStack(trace);
}

/** Gives guests their console. */
export function installConsole() {
  const keys = ownKeys(methods);
  for (let index = 0; index < keys.length; index += 1) {
    const name = /** @type {keyof typeof methods} */ (keys[index]);
    defineProperty(methods[name], 'name', /** @type {PropertyDescriptor} */ ({ __proto__: null, value: name }));
  }
  defineProperty(methods, tagKey, /** @type {PropertyDescriptor} */ ({ __proto__: null, value: 'console' }));
  defineProperty(globalObject, 'console', { configurable: true, writable: true, value: methods });
}
