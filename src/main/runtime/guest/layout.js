// @ts-check
/** Puts the entries of one object on one line where they fit, else one per line; short list items share lines. */
import { append, bareList, join, stringIncludes, stringIndexOf, stringRepeat, stringSlice } from './primordials.js';

const lineWidth = 76;

/** @typedef {{ prefix: string, entries: string[], open: string, close: string }} Parts */

/** @type {(parts: Parts) => string} */
export function layOut({ prefix, entries, open, close }) {
  const head = prefix === '' ? open : prefix + ' ' + open;
  if (entries.length === 0) return head + close;
  const line = join(entries, ', ');
  if (head.length + line.length + 4 <= lineWidth && !stringIncludes(line, '\n')) return head + ' ' + line + ' ' + close;
  const rows = open === '[' ? shareLines(entries) : entries;
  return head + '\n  ' + indent(join(rows, ',\n')) + '\n' + close;
}

/** @type {(entries: string[]) => string[]} */
function shareLines(entries) {
  /** @type {string[]} */
  const rows = bareList([]);
  let row = '';
  for (let index = 0; index < entries.length; index += 1) {
    const entry = /** @type {string} */ (entries[index]);
    if (row === '') row = entry;
    else if (row.length + entry.length + 2 <= lineWidth && !stringIncludes(entry, '\n')) row += ', ' + entry;
    else {
      append(rows, row);
      row = entry;
    }
  }
  append(rows, row);
  return rows;
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
