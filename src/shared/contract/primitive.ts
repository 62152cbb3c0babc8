/** The value shapes that every noun of the contract is made of. */
import * as z from 'zod';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/**
 * Any JSON value. Unchecked on purpose: it only ever holds what JSON.parse or the guest's JSON.stringify made,
 * and walking a result of half a megabyte would cost more than running the guest did.
 */
export const jsonValueSchema: z.ZodType<JsonValue> = z.unknown() as z.ZodType<JsonValue>;

/** An object of any JSON values, unchecked likewise. No zod record: that drops a `__proto__` key. */
export const jsonObjectSchema = z.custom<{ [key: string]: JsonValue }>(isObject, 'must be an object');

/** A UUID by its shape alone: ids of the earlier daemon pass whatever their version bits say. */
export const idSchema = z
  .string()
  .regex(/^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'must be a UUID')
  .toLowerCase();

/** RFC 3339 in UTC with milliseconds, such as `2026-11-20T09:30:00.000Z`. */
export const timestampSchema = z.iso.datetime({ precision: 3 });

/** Half a surrogate pair is no text: it could not be stored as it came. */
const wellFormed = 'must be well-formed Unicode';

/** A required text: white space alone counts as empty. */
export const requiredTextSchema = z
  .string()
  .refine((text) => text.trim() !== '', 'must not be empty')
  .refine((text) => text.isWellFormed(), wellFormed);

/** A name that people give: trimmed, on one line. */
export const nameSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200)
  .refine((text) => text.isWellFormed(), wellFormed)
  .refine((text) => !hasControlCharacter(text), 'must not contain control characters');

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) if (character < ' ' || character === '\u007f') return true;
  return false;
}
