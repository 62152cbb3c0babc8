// @ts-check
/** Primitives and property names in source form; strings in single quotes unless they have some and no double ones. */
import {
  bigintToString,
  is,
  jsonStringify,
  stringCodeUnitAt,
  stringIncludes,
  stringSlice,
  symbolToString,
  toNumber,
  toText,
} from './primordials.js';

/** @type {(value: unknown) => string} */
export function showPrimitive(value) {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return bigintText(value);
  if (typeof value === 'symbol') return symbolToString(value);
  return is(value, -0) ? '-0' : toText(value);
}

/** Digits beyond what a preview shows cost quadratic time, in a native loop that nothing can stop. */
const largestShown = 2n ** 40000n;

function bigintText(/** @type {bigint} */ value) {
  return value > largestShown || value < -largestShown
    ? '[BigInt of more than 40000 bits]'
    : bigintToString(value) + 'n';
}

/** @type {(text: string) => string} */
export function quote(text) {
  const mark = markFor(text);
  return mark + escapeText(text, mark) + mark;
}

function markFor(/** @type {string} */ text) {
  if (!stringIncludes(text, "'")) return "'";
  if (!stringIncludes(text, '"')) return '"';
  return stringIncludes(text, '`') ? "'" : '`';
}

/** JSON's escapes, except that only the quote in use is escaped. */
function escapeText(/** @type {string} */ text, /** @type {string} */ mark) {
  const json = jsonStringify(text);
  if (!stringIncludes(json, '\\') && !(mark !== '"' && stringIncludes(json, mark))) return stringSlice(json, 1, -1);
  let escaped = '';
  for (let index = 1; index < json.length - 1; index += 1) {
    const character = /** @type {string} */ (json[index]);
    if (character === '\\' && json[index + 1] === '"') {
      escaped += mark === '"' ? '\\"' : '"';
      index += 1;
    } else if (character === '\\') {
      escaped += stringSlice(json, index, index + 2);
      index += 1;
    } else escaped += character === mark ? '\\' + mark : character;
  }
  return escaped;
}

/** Whether a property name needs no quotes; those that nobody reads to their end do. */
export function isPlainKey(/** @type {string} */ key) {
  if (key.length > longestPlain) return false;
  if (key === '' || isDigit(stringCodeUnitAt(key, 0))) return isIndex(key);
  for (let index = 0; index < key.length; index += 1) {
    const unit = stringCodeUnitAt(key, index);
    if (!isLetter(unit) && !isDigit(unit)) return false;
  }
  return true;
}

const longestPlain = 1000;
const isIndex = (/** @type {string} */ key) => key !== '' && toText(toNumber(key)) === key;
const isDigit = (/** @type {number} */ unit) => unit >= 48 && unit <= 57;
const isLetter = (/** @type {number} */ unit) =>
  (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 95 || unit === 36;
