// @ts-check
/**
 * The `database` module as guests see it. What SQL has and JSON has not goes apart: blobs as bytes beside the call, and
 * integers that no number holds as digits, which become BigInts.
 */
import { bytesOf } from './bytes.js';
import { callHost } from './call.js';
import { isPlainObject, kindOfObject } from './kind.js';
import {
  append,
  apply,
  bareList,
  bufferSlice,
  bytesSet,
  dateToIso,
  hasOwn,
  isArray,
  isFiniteNumber,
  jsonParse,
  natives,
  ownKeys,
  toText,
  typedArrayByteLength,
} from './primordials.js';
import { encodeUtf8 } from './worker-text.js';

/** @typedef {{ bigint?: string, number?: string, bytes?: [number, number] }} Special one of them */
/** @typedef {{ parameters: unknown[], names: string[] | undefined, blobs: Uint8Array[], length: number }} Binding */

/** In UTF-16 units. */
const maxShortText = 1024;

export function newDatabase() {
  /** @type {(sql: unknown, ...values: unknown[]) => Record<string, unknown>[]} */
  const query = (sql, ...values) => runStatement('query', sql, values);
  /** @type {(sql: unknown, ...values: unknown[]) => Record<string, unknown> | undefined} */
  const exec = (sql, ...values) => runStatement('exec', sql, values)[0];
  return {
    configure(/** @type {unknown} */ driver, /** @type {unknown} */ file) {
      requireText(driver, 'The driver of a database');
      requireText(file, 'The file of a database');
      callHost({ service: 'database', operation: 'configure', argument: { driver, file } });
    },
    query,
    exec,
    /** Runs a function between BEGIN and COMMIT; what it throws undoes what it did. The host does so where it never ends. */
    transaction(/** @type {() => unknown} */ work) {
      transact('begin');
      try {
        const result = apply(work, undefined, []);
        refuseThenable(result);
        transact('commit');
        return result;
      } catch (error) {
        rollBack();
        throw error;
      }
    },
    close() {
      callHost({ service: 'database', operation: 'close', argument: null });
    },
  };
}

/** Some failures have rolled back by themselves; what is thrown is the first failure in any case. */
function rollBack() {
  try {
    transact('rollback');
  } catch {
    // Nothing is open any more.
  }
}

function transact(/** @type {'begin' | 'commit' | 'rollback'} */ operation) {
  callHost({ service: 'database', operation, argument: null });
}

/** What a function does after it has returned would not be part of the transaction. */
function refuseThenable(/** @type {unknown} */ result) {
  if (result === null || (typeof result !== 'object' && typeof result !== 'function')) return;
  if (typeof (/** @type {{ then?: unknown }} */ (result).then) !== 'function') return;
  throw new natives.TypeError(
    'The function of db.transaction has to be synchronous, and this one returned a promise: what it did was undone',
  );
}

/** @type {(operation: 'query' | 'exec', sql: unknown, values: unknown[]) => Record<string, unknown>[]} */
function runStatement(operation, sql, values) {
  requireText(sql, 'SQL');
  const binding = bindingOf(values);
  const { parameters, names, blobs } = binding;
  const argument = { sql: textOf(sql, binding), parameters, names };
  const bytes = binding.length === 0 ? undefined : joined(blobs, binding.length);
  const reply = callHost({ service: 'database', operation, argument, bytes });
  return rowsOf(/** @type {string} */ (reply.text), reply.bytes);
}

/** Values come one by one, as one list, or by their names in one object. */
function bindingOf(/** @type {unknown[]} */ values) {
  const only = values.length === 1 ? values[0] : undefined;
  if (isPlainObject(only)) return bindNamed(/** @type {Record<string, unknown>} */ (only));
  return bind(isArray(only) ? only : values);
}

function bindNamed(/** @type {Record<string, unknown>} */ values) {
  const keys = ownKeys(values);
  /** @type {string[]} */
  const names = bareList([]);
  /** @type {Binding} */
  const binding = { parameters: bareList([]), names, blobs: bareList([]), length: 0 };
  for (let index = 0; index < keys.length; index += 1) {
    const name = keys[index];
    if (typeof name !== 'string') continue;
    append(names, name);
    append(binding.parameters, parameterOf(values[name], '"' + name + '"', binding));
  }
  return binding;
}

function bind(/** @type {unknown[]} */ values) {
  /** @type {Binding} */
  const binding = { parameters: bareList([]), names: undefined, blobs: bareList([]), length: 0 };
  for (let index = 0; index < values.length; index += 1) {
    append(binding.parameters, parameterOf(values[index], toText(index + 1), binding));
  }
  return binding;
}

/** @type {(value: unknown, shownName: string, binding: Binding) => unknown} */
function parameterOf(value, shownName, binding) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return textOf(value, binding);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return isFiniteNumber(value) ? value : { number: toText(value) };
  if (typeof value === 'bigint') return { bigint: toText(value) };
  const kind = typeof value === 'object' ? kindOfObject(value) : typeof value;
  if (kind === 'date') return dateToIso(value);
  const bytes = bytesOf(value);
  if (bytes === undefined) {
    throw new natives.TypeError('Parameter ' + shownName + ' of the SQL is of a kind it cannot store: ' + kind);
  }
  return { bytes: placeOf(bytes, binding) };
}

/** Long ones go beside the call; JSON is for what is short. @type {(text: string, binding: Binding) => unknown} */
function textOf(text, binding) {
  return text.length <= maxShortText ? text : { text: placeOf(encodeUtf8(text), binding) };
}

/** @type {(bytes: Uint8Array, binding: Binding) => number[]} */
function placeOf(bytes, binding) {
  const length = /** @type {number} */ (typedArrayByteLength(bytes));
  append(binding.blobs, bytes);
  binding.length += length;
  return bareList([binding.length - length, length]);
}

/** @type {(blobs: Uint8Array[], length: number) => ArrayBuffer} */
function joined(blobs, length) {
  const buffer = new natives.ArrayBuffer(length);
  const bytes = new natives.Uint8Array(buffer);
  for (let index = 0, offset = 0; index < blobs.length; index += 1) {
    const blob = /** @type {Uint8Array} */ (blobs[index]);
    bytesSet(bytes, blob, offset);
    offset += /** @type {number} */ (typedArrayByteLength(blob));
  }
  return buffer;
}

/** @type {(json: string, bytes: ArrayBuffer | undefined) => Record<string, unknown>[]} */
function rowsOf(json, bytes) {
  /** @type {{ rows: Record<string, unknown>[], special: [number, string, Special][] }} */
  const { rows, special } = jsonParse(json);
  for (let index = 0; index < special.length; index += 1) {
    const place = /** @type {[number, string, Special]} */ (special[index]);
    const row = /** @type {Record<string, unknown>} */ (rows[place[0]]);
    row[place[1]] = sqlValue(place[2], bytes);
  }
  return rows;
}

/** @type {(special: Special, bytes: ArrayBuffer | undefined) => unknown} */
function sqlValue(special, bytes) {
  if (hasOwn(special, 'bigint')) return natives.BigInt(/** @type {string} */ (special.bigint));
  if (hasOwn(special, 'number')) return natives.Number(special.number);
  const place = /** @type {[number, number]} */ (special.bytes);
  const buffer = bytes === undefined ? new natives.ArrayBuffer(0) : bytes;
  return new natives.Uint8Array(bufferSlice(buffer, place[0], place[0] + place[1]));
}

/** @type {(value: unknown, what: string) => asserts value is string} */
function requireText(value, what) {
  if (typeof value !== 'string') throw new natives.TypeError(what + ' has to be a string, not ' + typeof value);
}
