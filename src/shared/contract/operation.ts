/** Long work as clients see it: begun by one call, followed and cancelled by others, and still known after a restart. */
import * as z from 'zod';
import { idSchema, jsonValueSchema, timestampSchema } from './primitive.ts';

const operationKindSchema = z.enum(['library_install']);
export type OperationKind = z.infer<typeof operationKindSchema>;

const operationStatusSchema = z.enum(['running', 'ok', 'error', 'cancelled']);

/** How far it is. `total` is what is known to be needed, so it may grow, as packages turn out to need others. */
const operationProgressSchema = z.strictObject({
  /** One word, such as `waiting`, `fetching` or `bundling`. */
  phase: z.string(),
  /** Bytes that came so far. */
  bytes: z.int(),
  done: z.int(),
  total: z.int(),
});
export type OperationProgress = z.infer<typeof operationProgressSchema>;

export const operationSchema = z.strictObject({
  id: idSchema,
  kind: operationKindSchema,
  /** What it works on, such as `lodash@4.17.21`. */
  subject: z.string(),
  status: operationStatusSchema,
  progress: operationProgressSchema,
  started_at: timestampSchema,
  ended_at: timestampSchema.optional(),
  /** Of one that is `ok`. */
  result: jsonValueSchema.optional(),
  /** Of one that is `error`. */
  error: z.strictObject({ message: z.string() }).optional(),
});
export type Operation = z.infer<typeof operationSchema>;
