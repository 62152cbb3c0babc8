/**
 * Brings what a guest gave to the parameters of its SQL, by place or by name. Each parameter gets a value and each value
 * a parameter, or nothing runs: SQLite itself would take what is missing for NULL.
 */
import type { SQLInputValue } from 'node:sqlite';
import type { SqlParameter, StatementOrder } from '../protocol.ts';
import { parameterNames } from './parameter-names.ts';
import { Refusal } from './refusal.ts';

/** As node:sqlite takes them: those with a name apart from those without. */
export type BoundValues = readonly [named: Record<string, SQLInputValue>, listed: SQLInputValue[]];

export function valuesFor({ sql, parameters, names: given, bytes }: StatementOrder): BoundValues {
  const names = parameterNames(sql);
  const values = parameters.map((parameter) => inputOf(parameter, bytes));
  if (given !== undefined)
    return [byName(names, new Map(given.map((name, index) => [name, values[index] ?? null]))), []];
  if (values.length !== names.length) throw countRefusal(names.length, values.length);
  const placed = names.map((name, index) => ({ name, value: values[index] ?? null }));
  const named = placed.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value] as const]));
  return [Object.fromEntries(named), placed.filter(({ name }) => name === undefined).map(({ value }) => value)];
}

/** A script of several statements has nothing to give to parameters. */
export function refuseParameters(script: string): void {
  const { length } = parameterNames(script);
  if (length > 0) throw countRefusal(length, 0);
}

/** Names are given as the SQL has them, or without their mark. */
function byName(
  names: readonly (string | undefined)[],
  given: ReadonlyMap<string, SQLInputValue>,
): Record<string, SQLInputValue> {
  const named = names.filter((name) => name !== undefined);
  if (named.length < names.length) {
    throw refusal('the SQL has parameters without a name, and values were given by name; give them one by one');
  }
  const known = new Set(named.flatMap((name) => [name, name.slice(1)]));
  const unknown = [...given.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) throw refusal(`the SQL has no parameter ${JSON.stringify(unknown.slice(0, 200))}`);
  return Object.fromEntries(named.map((name) => [name, valueByName(name, given)]));
}

function valueByName(name: string, given: ReadonlyMap<string, SQLInputValue>): SQLInputValue {
  const key = [name, name.slice(1)].find((one) => given.has(one));
  if (key === undefined) throw refusal(`the SQL was not run: no value was given for its parameter ${name}`);
  return given.get(key) ?? null;
}

function inputOf(parameter: SqlParameter, bytes: Uint8Array | undefined): SQLInputValue {
  if (typeof parameter === 'boolean') return Number(parameter);
  if (parameter === null || typeof parameter !== 'object') return parameter;
  if ('bigint' in parameter) return BigInt(parameter.bigint);
  if ('number' in parameter) return Number(parameter.number);
  const [offset, length] = 'text' in parameter ? parameter.text : parameter.bytes;
  const found = (bytes ?? new Uint8Array()).subarray(offset, offset + length);
  return 'text' in parameter ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(found) : found;
}

function countRefusal(wanted: number, given: number): Refusal {
  const parameters = `${wanted} parameter${wanted === 1 ? '' : 's'}`;
  return refusal(`the SQL has ${parameters}, ${given} ${given === 1 ? 'was' : 'were'} given`);
}

function refusal(message: string): Refusal {
  return new Refusal(message, {}, 'RangeError');
}
