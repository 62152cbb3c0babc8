// @ts-check
/** `console.table` as text: rows are the entries of the data, columns the properties of the rows. */
import { inspect } from './inspect.js';
import { dataProperty, kindOfObject } from './kind.js';
import { append, bareList, getOwnPropertyDescriptor, ownKeys, stringPadEnd, stringRepeat } from './primordials.js';

const maxRows = 100;
const maxColumns = 20;
const valuesColumn = 'Values';

/** @type {(data: unknown) => string | undefined} undefined where the data has no rows */
export function tableText(data) {
  if (!isTabular(data)) return undefined;
  const columns = bareList(['(index)']);
  /** @type {string[][]} */
  const rows = bareList([]);
  const keys = namesOf(data, maxRows);
  for (let index = 0; index < keys.length; index += 1) {
    const key = /** @type {string} */ (keys[index]);
    append(rows, rowOf(key, dataProperty(data, key), columns));
  }
  return draw(columns, rows);
}

/** @type {(value: unknown) => value is object} */
function isTabular(value) {
  if (typeof value !== 'object' || value === null) return false;
  const kind = kindOfObject(value);
  return kind === 'array' || kind === 'object';
}

/** Names of the enumerable own properties, at most so many. */
function namesOf(/** @type {object} */ object, /** @type {number} */ most) {
  /** @type {string[]} */
  const names = bareList([]);
  const keys = ownKeys(object);
  for (let index = 0; index < keys.length && names.length < most; index += 1) {
    const key = keys[index];
    if (typeof key === 'string' && getOwnPropertyDescriptor(object, key)?.enumerable === true) append(names, key);
  }
  return names;
}

/** @type {(name: string, value: unknown, columns: string[]) => string[]} */
function rowOf(name, value, columns) {
  const row = bareList([name]);
  if (!isTabular(value)) {
    row[columnIndex(columns, valuesColumn)] = inspect(value);
    return row;
  }
  const keys = namesOf(value, maxColumns);
  for (let index = 0; index < keys.length; index += 1) {
    const key = /** @type {string} */ (keys[index]);
    row[columnIndex(columns, key)] = inspect(dataProperty(value, key));
  }
  return row;
}

/** @type {(columns: string[], name: string) => number} */
function columnIndex(columns, name) {
  for (let index = 1; index < columns.length; index += 1) if (columns[index] === name) return index;
  append(columns, name);
  return columns.length - 1;
}

/** @type {(columns: string[], rows: string[][]) => string} */
function draw(columns, rows) {
  /** @type {number[]} */
  const widths = bareList([]);
  for (let column = 0; column < columns.length; column += 1) append(widths, widthOf(column, columns, rows));
  let text = rule(widths, '┌┬┐') + '\n' + line(columns, widths) + '\n' + rule(widths, '├┼┤');
  for (let index = 0; index < rows.length; index += 1) text += '\n' + line(rows[index] ?? columns, widths);
  return text + '\n' + rule(widths, '└┴┘');
}

/** @type {(column: number, columns: string[], rows: string[][]) => number} */
function widthOf(column, columns, rows) {
  let width = (columns[column] ?? '').length;
  for (let index = 0; index < rows.length; index += 1) {
    const cell = rows[index]?.[column] ?? '';
    if (cell.length > width) width = cell.length;
  }
  return width;
}

/** @type {(widths: number[], corners: string) => string} */
function rule(widths, corners) {
  let text = corners[0] ?? '';
  for (let column = 0; column < widths.length; column += 1) {
    text += (column === 0 ? '' : corners[1]) + stringRepeat('─', (widths[column] ?? 0) + 2);
  }
  return text + corners[2];
}

/** @type {(cells: string[], widths: number[]) => string} */
function line(cells, widths) {
  let text = '│';
  for (let column = 0; column < widths.length; column += 1) {
    text += ' ' + stringPadEnd(cells[column] ?? '', widths[column] ?? 0) + ' │';
  }
  return text;
}
