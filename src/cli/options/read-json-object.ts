/** Reads a JSON object, where a list or a bare value would make no sense. */
import { InvalidArgumentError } from 'commander';
import type { JsonValue } from '#shared/contract/primitive';
import { readJson } from './read-json.ts';

export function readJsonObject(text: string): Record<string, JsonValue> {
  const value = readJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InvalidArgumentError('It must be a JSON object, such as {"NAME":"value"}.');
}
