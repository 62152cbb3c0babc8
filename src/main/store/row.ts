/**
 * How rows become values of the contract. The schemas of the contract judge every row, extended by what a column of
 * SQLite cannot say: JSON is text, a flag is a number, and an absent field is NULL.
 */
import * as z from 'zod';
import { VmError } from '#core/vm-error';

export type Row = Readonly<Record<string, unknown>>;

/** A column with JSON text. */
export const jsonColumn = <Schema extends z.ZodType>(schema: Schema) => z.string().transform(parseJson).pipe(schema);

/** A column with 0 or 1. */
export const flagColumn = z.literal([0, 1]).transform((flag) => flag === 1);

/** Parses a row, or throws an error that names its table and id. */
export function parseRow<Value>(schema: z.ZodType<Value>, row: Row, origin: { table: string; id: unknown }): Value {
  const parsed = schema.safeParse(withoutNulls(row));
  if (parsed.success) return parsed.data;
  throw unreadableRow(origin, parsed.error);
}

/** The error for a row that is not what this program writes. */
export function unreadableRow({ table, id }: { table: string; id: unknown }, cause: Error): VmError {
  const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : cause.message;
  return new VmError(
    'INTERNAL',
    `Row ${id} of table ${table} cannot be read: ${reason}. Something else changed the database; restore a backup.`,
    { details: { table, id }, cause },
  );
}

/** JSON for a column, NULL for a field that is absent. */
export function toJsonColumn(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function withoutNulls(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function parseJson(text: string, context: z.RefinementCtx) {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('is no JSON');
    return z.NEVER;
  }
}
