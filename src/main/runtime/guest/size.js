// @ts-check
/**
 * About how many bytes a value holds, by a walk over data that runs no guest code and visits only so many objects: for
 * what is larger, a lower bound. What several values share counts for each.
 */
import { promiseState } from './host.js';
import { isPrimitive } from './inspect.js';
import { kindOfObject, ownData } from './kind.js';
import {
  append,
  bareList,
  bigintToString,
  bufferByteLength,
  functionToString,
  mapEntries,
  mapSize,
  natives,
  nextMapEntry,
  nextSetValue,
  ownKeys,
  setAdd,
  setHas,
  setSize,
  setValues,
  toNumber,
  typedArrayByteLength,
} from './primordials.js';

const objectBytes = 64;
const slotBytes = 16;
const entryBytes = 48;
const maxVisited = 500;
/** Of a list or a collection, so many are walked into. */
const maxWalked = 200;

/** @type {(value: unknown) => number} */
export function sizeOf(value) {
  /** @type {Set<unknown>} */
  const seen = new natives.Set();
  /** @type {unknown[]} */
  const waiting = bareList([value]);
  let bytes = 0;
  let visited = 0;
  while (waiting.length > 0 && visited < maxVisited) {
    const next = waiting[waiting.length - 1];
    waiting.length -= 1;
    if (isPrimitive(next)) bytes += primitiveBytes(next);
    else if (!setHas(seen, next)) {
      setAdd(seen, next);
      visited += 1;
      bytes += objectSize(/** @type {object} */ (next), waiting);
    }
  }
  return bytes;
}

function primitiveBytes(/** @type {unknown} */ value) {
  if (typeof value === 'string') return 24 + value.length;
  if (typeof value === 'bigint')
    return value > -maxCounted && value < maxCounted ? 16 + bigintToString(value, 16).length / 2 : largeBytes;
  return 8;
}

/** Larger integers are not counted digit by digit. */
const maxCounted = 2n ** 4096n;
const largeBytes = 512;

/** @type {(object: object, waiting: unknown[]) => number} its own bytes; what it refers to is appended */
function objectSize(object, waiting) {
  const kind = kindOfObject(object);
  switch (kind) {
    case 'proxy':
      return objectBytes;
    case 'function':
      return objectBytes + functionToString(/** @type {Function} */ (object)).length;
    case 'arraybuffer':
      return objectBytes + toNumber(bufferByteLength(object));
    case 'typedarray':
      return objectBytes + toNumber(typedArrayByteLength(object));
    case 'array':
      return objectBytes + listSize(/** @type {unknown[]} */ (object), waiting);
    case 'map':
      addMap(/** @type {Map<unknown, unknown>} */ (object), waiting);
      return objectBytes + toNumber(mapSize(object)) * entryBytes;
    case 'set':
      addSet(/** @type {Set<unknown>} */ (object), waiting);
      return objectBytes + toNumber(setSize(object)) * entryBytes;
    default:
      return objectBytes + propertiesSize(object, waiting) + (promiseState(object) === undefined ? 0 : slotBytes);
  }
}

/** @type {(list: unknown[], waiting: unknown[]) => number} */
function listSize(list, waiting) {
  for (let index = 0; index < list.length && index < maxWalked; index += 1) append(waiting, ownData(list, index));
  return list.length * slotBytes;
}

/** @type {(object: object, waiting: unknown[]) => number} */
function propertiesSize(object, waiting) {
  const keys = ownKeys(object);
  for (let index = 0; index < keys.length && index < maxWalked; index += 1) {
    append(waiting, ownData(object, /** @type {string | symbol} */ (keys[index])));
  }
  return keys.length * slotBytes * 2;
}

/** @type {(map: Map<unknown, unknown>, waiting: unknown[]) => void} */
function addMap(map, waiting) {
  const iterator = mapEntries(map);
  for (let count = 0; count < maxWalked; count += 1) {
    const entry = nextMapEntry(iterator);
    if (entry.done === true) return;
    append(waiting, entry.value[0]);
    append(waiting, entry.value[1]);
  }
}

/** @type {(set: Set<unknown>, waiting: unknown[]) => void} */
function addSet(set, waiting) {
  const iterator = setValues(set);
  for (let count = 0; count < maxWalked; count += 1) {
    const entry = nextSetValue(iterator);
    if (entry.done === true) return;
    append(waiting, entry.value);
  }
}
