// @ts-check
/** Primitives and property names in source form; strings in single quotes unless they have some and no double ones. */
import {
  append,
  bareList,
  bigintToString,
  is,
  join,
  numberToText,
  stringCodeUnitAt,
  stringIncludes,
  stringIndexOf,
  stringSlice,
  symbolToString,
  toText,
} from './primordials.js';

/** @type {(value: unknown) => string} */
export function showPrimitive(value) {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return bigintText(value);
  if (typeof value === 'symbol') return symbolText(value);
  return is(value, -0) ? '-0' : toText(value);
}

/** Longer descriptions of symbols are shown up to here. */
const longestPlain = 1000;

/** @type {(symbol: symbol) => string} */
export function symbolText(symbol) {
  const text = symbolToString(symbol);
  return escapeText(text.length <= longestPlain ? text : stringSlice(text, 0, longestPlain) + '…)', '');
}

/** Digits beyond what a preview shows cost quadratic time, in a native loop that nothing can stop. */
const largestShown = 2n ** 40000n;

function bigintText(/** @type {bigint} */ value) {
  return value > largestShown || value < -largestShown
    ? '[BigInt of more than 40000 bits]'
    : bigintToString(value) + 'n';
}

/** @type {(text: string) => string} */
function quote(text) {
  const mark = markFor(text);
  return mark + escapeText(text, mark) + mark;
}

/**
 * A string that does not fit into so many columns, line by line.
 * @type {(text: string, room: number) => string}
 */
export function quoteLines(text, room) {
  if (text.length <= 16 || text.length <= room || !stringIncludes(text, '\n')) return quote(text);
  /** @type {string[]} */
  const lines = bareList([]);
  let from = 0;
  for (let newline = stringIndexOf(text, '\n', 0); newline >= 0; newline = stringIndexOf(text, '\n', from)) {
    append(lines, quote(stringSlice(text, from, newline + 1)));
    from = newline + 1;
  }
  if (from < text.length) append(lines, quote(stringSlice(text, from)));
  return join(lines, ' +\n  ');
}

function markFor(/** @type {string} */ text) {
  if (!stringIncludes(text, "'")) return "'";
  if (!stringIncludes(text, '"')) return '"';
  return stringIncludes(text, '`') || stringIncludes(text, '$' + '{') ? "'" : '`';
}

/** @type {(text: string, mark: string) => string} */
function escapeText(text, mark) {
  let escaped = '';
  let from = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = stringCodeUnitAt(text, index);
    const escaping = isPlain(unit) ? '' : escapeOf(unit, text, index, mark);
    if (escaping === '') continue;
    escaped += stringSlice(text, from, index) + escaping;
    from = index + 1;
  }
  return escaped + stringSlice(text, from);
}

const apostrophe = 39;
const backslash = 92;

/** Most characters there are; the others are asked about one by one. */
const isPlain = (/** @type {number} */ unit) =>
  unit > 96
    ? unit < 127 || (unit > 159 && unit < 0xd800) || unit > 0xdfff
    : unit >= 32 && unit !== apostrophe && unit !== backslash;

/** @type {(unit: number, text: string, index: number, mark: string) => string} empty where it needs none */
function escapeOf(unit, text, index, mark) {
  if (unit === apostrophe) return mark === "'" ? "\\'" : '';
  if (unit === backslash) return mark === '' ? '' : '\\\\';
  if (unit < 0xd800) return named(unit) ?? '\\x' + hexOf(unit);
  return isPaired(unit, text, index) ? '' : '\\u' + numberToText(unit, 16);
}

/** @type {(unit: number) => string | undefined} */
function named(unit) {
  if (unit === 8) return '\\b';
  if (unit === 9) return '\\t';
  if (unit === 10) return '\\n';
  if (unit === 12) return '\\f';
  return unit === 13 ? '\\r' : undefined;
}

/** Whether half a surrogate pair has its other half next to it. */
function isPaired(/** @type {number} */ unit, /** @type {string} */ text, /** @type {number} */ index) {
  const other = stringCodeUnitAt(text, unit < 0xdc00 ? index + 1 : index - 1);
  return unit < 0xdc00 ? other >= 0xdc00 && other <= 0xdfff : other >= 0xd800 && other < 0xdc00;
}

const hexDigits = '0123456789ABCDEF';

/** @type {(byte: number) => string} */
const hexOf = (byte) => (hexDigits[byte >> 4] ?? '') + (hexDigits[byte & 15] ?? '');

/** @type {(key: string) => string} */
export function showKey(key) {
  if (key === '__proto__') return "['__proto__']";
  return isWord(key, false) ? key : quote(key);
}

/** Whether a name can be written in source as it is. */
export const isPlainKey = (/** @type {string} */ key) => isWord(key, true);

/**
 * Names that nobody reads to their end are no words.
 * @type {(key: string, withDollar: boolean) => boolean}
 */
function isWord(key, withDollar) {
  if (key === '' || key.length > longestPlain || isDigit(stringCodeUnitAt(key, 0))) return false;
  for (let index = 0; index < key.length; index += 1) {
    const unit = stringCodeUnitAt(key, index);
    if (!isLetter(unit) && !isDigit(unit) && !(withDollar && unit === dollar)) return false;
  }
  return true;
}

const dollar = 36;
const isDigit = (/** @type {number} */ unit) => unit >= 48 && unit <= 57;
const isLetter = (/** @type {number} */ unit) =>
  (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 95;
