// @ts-check
/** `console.table`: rows are the entries of the data, columns the properties of the rows. As cells, and drawn as text. */
import { inspect } from './inspect.js';
import { dataProperty, kindOfObject } from './kind.js';
import {
  append,
  bareList,
  getOwnPropertyDescriptor,
  isArray,
  mapEntries,
  mapSize,
  nextMapEntry,
  nextSetValue,
  ownKeys,
  setSize,
  setValues,
  stringRepeat,
  stringSlice,
  toText,
} from './primordials.js';
import { widthOfText } from './text-width.js';

/** @typedef {{ readonly columns: string[], readonly rows: string[][] }} Cells */
/**
 * Cells in the making: `values` holds, by row, what is no object and stands in a column of its own, the last; `wanted`
 * the columns that were asked for, where they were.
 * @typedef {Cells & { readonly values: (string | undefined)[], readonly wanted: string[] | undefined }} Table
 */

const maxRows = 100;
const maxColumns = 20;
const maxCell = 1000;
/** Characters of all cells together that go out as cells. */
const maxCells = 65536;
const valuesColumn = 'Values';

/** @type {(data: unknown, columns: unknown) => Cells | undefined} undefined where the data has no rows */
export function readTable(data, columns) {
  if (typeof data !== 'object' || data === null) return undefined;
  const kind = kindOfObject(data);
  const table = newTable(kind, columns);
  if (kind === 'map') addMapRows(table, /** @type {Map<unknown, unknown>} */ (data));
  else if (kind === 'set') addSetRows(table, /** @type {Set<unknown>} */ (data));
  else if (isTabular(data)) addEntryRows(table, data);
  else return undefined;
  addValues(table);
  return table;
}

/** @type {(table: Table) => void} */
function addValues({ columns, rows, values }) {
  if (values.length === 0) return;
  append(columns, valuesColumn);
  for (let index = 0; index < rows.length; index += 1) {
    const value = values[index];
    if (value !== undefined) /** @type {string[]} */ (rows[index])[columns.length - 1] = value;
  }
}

/** @type {(kind: string, columns: unknown) => Table} */
function newTable(kind, columns) {
  const isIterated = kind === 'map' || kind === 'set';
  const names = bareList([isIterated ? '(iteration index)' : '(index)']);
  if (kind === 'map') append(names, 'Key');
  const wanted = textsOf(columns);
  for (let index = 0; wanted !== undefined && index < wanted.length; index += 1) append(names, wanted[index] ?? '');
  return { columns: names, rows: bareList([]), values: bareList([]), wanted };
}

/** @type {(columns: unknown) => string[] | undefined} */
function textsOf(columns) {
  if (!isArray(columns) || kindOfObject(columns) !== 'array') return undefined;
  /** @type {string[]} */
  const texts = bareList([]);
  for (let index = 0; index < columns.length && texts.length < maxColumns; index += 1) {
    const column = dataProperty(columns, index);
    if (typeof column === 'string') append(texts, stringSlice(column, 0, maxCell));
  }
  return texts;
}

/** @type {(table: Table, data: object) => void} */
function addEntryRows(table, data) {
  const keys = namesOf(data, maxRows);
  for (let index = 0; index < keys.length; index += 1) {
    const key = /** @type {string} */ (keys[index]);
    addRow(table, bareList([cut(key)]), dataProperty(data, key));
  }
}

/** @type {(table: Table, map: Map<unknown, unknown>) => void} */
function addMapRows(table, map) {
  const iterator = mapEntries(map);
  const size = /** @type {number} */ (mapSize(map));
  for (let index = 0; index < size && index < maxRows; index += 1) {
    const { value } = nextMapEntry(iterator);
    append(table.rows, bareList([toText(index), cellOf(value[0])]));
    table.values[index] = cellOf(value[1]);
  }
}

/** @type {(table: Table, set: Set<unknown>) => void} */
function addSetRows(table, set) {
  const iterator = setValues(set);
  const size = /** @type {number} */ (setSize(set));
  for (let index = 0; index < size && index < maxRows; index += 1) {
    append(table.rows, bareList([toText(index)]));
    table.values[index] = cellOf(nextSetValue(iterator).value);
  }
}

/** @type {(table: Table, row: string[], value: unknown) => void} */
function addRow({ columns, rows, values, wanted }, row, value) {
  append(rows, row);
  if (!isTabular(value)) {
    values[rows.length - 1] = cellOf(value);
    return;
  }
  const keys = wanted ?? namesOf(value, maxColumns);
  for (let index = 0; index < keys.length && columns.length <= maxColumns; index += 1) {
    const key = /** @type {string} */ (keys[index]);
    const isThere = getOwnPropertyDescriptor(value, key) !== undefined;
    if (isThere) row[columnIndex(columns, cut(key))] = cellOf(dataProperty(value, key));
  }
}

/** @type {(value: unknown) => value is object} */
function isTabular(value) {
  if (typeof value !== 'object' || value === null) return false;
  const kind = kindOfObject(value);
  return kind === 'array' || kind === 'object';
}

/** A cell holds a line: objects are shown flat. */
const cellOf = (/** @type {unknown} */ value) => cut(inspect(value, 0));

const cut = (/** @type {string} */ text) => (text.length <= maxCell ? text : stringSlice(text, 0, maxCell) + '…');

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

/** @type {(columns: string[], name: string) => number} */
function columnIndex(columns, name) {
  for (let index = 1; index < columns.length; index += 1) if (columns[index] === name) return index;
  append(columns, name);
  return columns.length - 1;
}

/** The table as cells, every row as long as the columns, for as many rows as there is room. */
export function cellsOf(/** @type {Cells} */ { columns, rows }) {
  /** @type {string[][]} */
  const whole = bareList([]);
  let room = maxCells;
  for (let index = 0; index < rows.length && room > 0; index += 1) {
    /** @type {string[]} */
    const row = bareList([]);
    for (let column = 0; column < columns.length; column += 1) {
      const cell = rows[index]?.[column] ?? '';
      room -= cell.length + 3;
      append(row, cell);
    }
    if (room > 0) append(whole, row);
  }
  return /** @type {Cells} */ ({ __proto__: null, columns, rows: whole });
}

/** @type {(table: Cells) => string} */
export function tableText({ columns, rows }) {
  /** @type {number[]} */
  const widths = bareList([]);
  for (let column = 0; column < columns.length; column += 1) append(widths, widthOf(column, columns, rows));
  let text = rule(widths, '┌┬┐') + '\n' + line(columns, widths) + '\n' + rule(widths, '├┼┤');
  for (let index = 0; index < rows.length; index += 1) text += '\n' + line(rows[index] ?? columns, widths);
  return text + '\n' + rule(widths, '└┴┘');
}

/** @type {(column: number, columns: string[], rows: string[][]) => number} */
function widthOf(column, columns, rows) {
  let width = widthOfText(columns[column] ?? '');
  for (let index = 0; index < rows.length; index += 1) {
    const cellWidth = widthOfText(rows[index]?.[column] ?? '');
    if (cellWidth > width) width = cellWidth;
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
    const cell = cells[column] ?? '';
    text += ' ' + cell + stringRepeat(' ', (widths[column] ?? 0) - widthOfText(cell)) + ' │';
  }
  return text;
}
