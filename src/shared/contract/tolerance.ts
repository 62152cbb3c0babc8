/**
 * What the contract takes although it is not written as it should be, so that plain clients get by: a field that is
 * there but empty, a number in a query that can only be text. It all happens before the schema looks, and the types do
 * not show it: clients of ours never need it.
 */
import * as z from 'zod';

/**
 * `null` in an optional field means that the field is absent, and so does the empty text in the fields of `orEmpty`:
 * clients that cannot leave a field out send these. Required and unknown fields are left alone, to be refused by name.
 */
export function absentIfNull<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape, z.core.$ZodObjectConfig>,
  ...orEmpty: readonly (keyof Shape & string)[]
) {
  const fields = Object.entries<z.core.$ZodType>(schema.shape);
  const optional = fields.filter(([, field]) => z.safeParse(field, undefined).success).map(([name]) => name);
  const isAbsent = (name: string, value: unknown): boolean =>
    (value === null && optional.includes(name)) || (value === '' && orEmpty.includes(name));
  return prepared((input) => without(input, isAbsent), schema);
}

/** A whole number of a query: decimal digits and nothing else, or a number from a transport that knows numbers. */
export function queryNumber(minimum: number) {
  const number = z.int('must be a whole number in decimal digits').min(minimum);
  return prepared((input) => (typeof input === 'string' && /^\d+$/.test(input) ? Number(input) : input), number);
}

/** `preprocess` forgets what the schema takes: the type says it again. */
function prepared<Schema extends z.ZodType>(prepare: (input: unknown) => unknown, schema: Schema) {
  return z.preprocess(prepare, schema) as unknown as z.ZodType<z.output<Schema>, z.input<Schema>>;
}

function without(input: unknown, isAbsent: (name: string, value: unknown) => boolean): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([name, value]) => !isAbsent(name, value)));
}
