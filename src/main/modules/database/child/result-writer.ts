/**
 * Writes rows as the guest reads them: JSON text of objects, and beside it what JSON cannot say. Rows and bytes are
 * counted while they come, so that a result that is too large ends its statement instead of filling the memory.
 */
import type { SQLOutputValue } from 'node:sqlite';
import type { StatementResult } from '../protocol.ts';
import { Refusal } from './refusal.ts';

export interface ResultLimits {
  readonly maxRows: number;
  readonly maxResultBytes: number;
}

/** What a row holds at a column in place of the `null` of its JSON. */
type Special = readonly [
  row: number,
  column: string,
  value: { bigint: string } | { number: string } | { bytes: number[] },
];

export class ResultWriter {
  readonly #limits: ResultLimits;
  readonly #columns: readonly string[];
  readonly #keys: readonly string[];
  readonly #rows: string[] = [];
  readonly #special: Special[] = [];
  readonly #blobs: Uint8Array[] = [];
  #blobBytes = 0;
  #textBytes = 0;

  constructor(columns: readonly string[], limits: ResultLimits) {
    this.#limits = limits;
    this.#columns = columns;
    this.#keys = columns.map((column) => `${JSON.stringify(column)}:`);
  }

  add(values: readonly SQLOutputValue[]): void {
    const { maxRows } = this.#limits;
    if (this.#rows.length >= maxRows) this.#refuse(`more than ${maxRows} rows`, 'max_rows');
    this.#rows.push(`{${values.map((value, index) => this.#keys[index] + this.#textOf(value, index)).join(',')}}`);
  }

  finish(): StatementResult {
    const json = `{"rows":[${this.#rows.join(',')}],"special":${JSON.stringify(this.#special)}}`;
    return this.#blobs.length === 0 ? { json } : { json, bytes: Buffer.concat(this.#blobs) };
  }

  #textOf(value: SQLOutputValue, column: number): string {
    const text = this.#jsonOf(value, column);
    this.#textBytes += text.length + (this.#keys[column]?.length ?? 0);
    const { maxResultBytes } = this.#limits;
    if (this.#textBytes + this.#blobBytes > maxResultBytes) {
      this.#refuse(`more than ${maxResultBytes} bytes`, 'max_result_bytes');
    }
    return text;
  }

  #jsonOf(value: SQLOutputValue, column: number): string {
    if (typeof value === 'bigint') return this.#integer(value, column);
    if (value instanceof Uint8Array) return this.#blob(value, column);
    if (typeof value !== 'number' || Number.isFinite(value)) return JSON.stringify(value);
    return this.#setApart(column, { number: String(value) });
  }

  /** Integers are numbers as long as a number holds them, and BigInts beyond. */
  #integer(value: bigint, column: number): string {
    return Number.isSafeInteger(Number(value)) ? String(value) : this.#setApart(column, { bigint: String(value) });
  }

  #blob(value: Uint8Array, column: number): string {
    this.#blobs.push(value);
    this.#blobBytes += value.byteLength;
    return this.#setApart(column, { bytes: [this.#blobBytes - value.byteLength, value.byteLength] });
  }

  #setApart(column: number, value: Special[2]): string {
    this.#special.push([this.#rows.length, this.#columns[column] ?? '', value]);
    this.#textBytes += 16;
    return 'null';
  }

  #refuse(what: string, setting: string): never {
    throw new Refusal(
      `The result has ${what}. Ask for less by LIMIT or WHERE, or set "${setting}" in the template's capability module:database.`,
      { code: 'RESULT_TOO_LARGE' },
    );
  }
}
