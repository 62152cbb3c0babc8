// @ts-check
/**
 * Puts the entries of one object where Node puts them: on one line where they fit and hold little, else one per line;
 * the items of a long list stand in columns.
 */
import { maxEntries } from './budget.js';
import {
  append,
  bareList,
  floor,
  join,
  round,
  sqrt,
  stringIncludes,
  stringIndexOf,
  stringPadEnd,
  stringPadStart,
  stringRepeat,
  stringSlice,
} from './primordials.js';

const lineWidth = 80;
/** An object shares a line with what it holds to this depth. */
const levelsPerLine = 3;
/** Longer lists are put in columns. */
const longestRow = 6;
const mostColumns = 15;
/** How many times as high as wide a character is taken to be, so that columns make about a square. */
const characterHeight = 2.5;

/**
 * `base` says all there is to say of an object but its entries, such as `[Function: f]`. `depth` is the object's own,
 * `innermost` that of the last object within. `list` is given for lists.
 * @typedef {{
 *   readonly base: string,
 *   readonly open: string,
 *   readonly close: string,
 *   readonly entries: string[],
 *   readonly depth: number,
 *   readonly innermost: number,
 *   readonly list: { readonly isNumeric: boolean } | undefined,
 * }} Parts
 */

/** @type {(parts: Parts) => string} */
export function layOut(parts) {
  const { base, open, close, entries, depth, innermost, list } = parts;
  const head = base === '' ? open : base + ' ' + open;
  if (entries.length === 0) return head + close;
  const rows = list !== undefined && entries.length > longestRow ? inColumns(entries, depth, list.isNumeric) : entries;
  if (rows === entries && innermost - depth < levelsPerLine && fitsOneLine(parts)) {
    return head + ' ' + join(entries, ', ') + ' ' + close;
  }
  return head + '\n  ' + indent(join(rows, ',\n')) + '\n' + close;
}

/** @type {(parts: Parts) => boolean} */
function fitsOneLine({ base, open, entries, depth }) {
  let length = 2 * entries.length + indentation(depth) + base.length + open.length + 10;
  if (length > lineWidth || stringIncludes(base, '\n')) return false;
  for (let index = 0; index < entries.length; index += 1) {
    const entry = /** @type {string} */ (entries[index]);
    length += entry.length;
    if (length > lineWidth || stringIncludes(entry, '\n')) return false;
  }
  return true;
}

/** Spaces before the lines of an object of this depth. */
export const indentation = (/** @type {number} */ depth) => 2 * depth;

/** @type {(entries: string[], depth: number, isNumeric: boolean) => string[]} the entries themselves where columns would waste room */
function inColumns(entries, depth, isNumeric) {
  const count = entries.length > maxEntries ? entries.length - 1 : entries.length;
  const columns = columnsFor(entries, count, lineWidth - indentation(depth));
  if (columns <= 1) return entries;
  const widths = columnWidths(entries, count, columns);
  const pad = isNumeric ? stringPadStart : stringPadEnd;
  /** @type {string[]} */
  const rows = bareList([]);
  for (let from = 0; from < count; from += columns) {
    const last = (from + columns < count ? from + columns : count) - 1;
    let row = '';
    for (let index = from; index < last; index += 1) row += pad(entries[index] + ', ', widths[index - from] ?? 0);
    const end = /** @type {string} */ (entries[last]);
    append(rows, row + (isNumeric ? stringPadStart(end, (widths[last - from] ?? 2) - 2) : end));
  }
  if (count < entries.length) append(rows, /** @type {string} */ (entries[count]));
  return rows;
}

/** @type {(entries: string[], count: number, room: number) => number} 1 where columns make no sense */
function columnsFor(entries, count, room) {
  let total = 0;
  let longest = 0;
  for (let index = 0; index < count; index += 1) {
    const { length } = /** @type {string} */ (entries[index]);
    total += length + 2;
    if (length > longest) longest = length;
  }
  const widest = longest + 2;
  const isEven = total / widest > 5 || longest <= 6;
  if (widest * 3 + lineWidth - room >= lineWidth || !isEven) return 1;
  const unevenness = sqrt(widest - total / entries.length);
  const typical = widest - 3 - unevenness > 1 ? widest - 3 - unevenness : 1;
  return least(round(sqrt(characterHeight * typical * count) / typical), floor(room / widest), levelsPerLine * 4);
}

/** @type {(square: number, fitting: number, allowed: number) => number} */
function least(square, fitting, allowed) {
  let columns = mostColumns;
  if (square < columns) columns = square;
  if (fitting < columns) columns = fitting;
  return allowed < columns ? allowed : columns;
}

/** @type {(entries: string[], count: number, columns: number) => number[]} each with the comma and space behind it */
function columnWidths(entries, count, columns) {
  /** @type {number[]} */
  const widths = bareList([]);
  for (let column = 0; column < columns; column += 1) {
    let width = 0;
    for (let index = column; index < count; index += columns) {
      const { length } = /** @type {string} */ (entries[index]);
      if (length > width) width = length;
    }
    append(widths, width + 2);
  }
  return widths;
}

/** Moves every line but the first in by so many spaces. */
export function indent(/** @type {string} */ text, by = 2) {
  const space = stringRepeat(' ', by);
  let indented = '';
  let from = 0;
  for (let newline = stringIndexOf(text, '\n', 0); newline >= 0; newline = stringIndexOf(text, '\n', from)) {
    indented += stringSlice(text, from, newline + 1) + space;
    from = newline + 1;
  }
  return indented + stringSlice(text, from);
}
