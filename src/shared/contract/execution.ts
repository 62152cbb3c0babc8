/** An execution is one recorded run: a REPL snippet, a file, or a startup file. */
import * as z from 'zod';
import { exceptionPayloadSchema, executionEventSchema, valuePayloadSchema } from './event.ts';
import { idSchema, jsonObjectSchema, jsonValueSchema, requiredTextSchema, timestampSchema } from './primitive.ts';
import { absentIfNull } from './tolerance.ts';

const executionKindSchema = z.enum(['repl', 'run_file', 'startup']);
export type ExecutionKind = z.infer<typeof executionKindSchema>;

const executionStatusSchema = z.enum(['running', 'ok', 'error', 'timeout', 'cancelled']);
export type ExecutionStatus = z.infer<typeof executionStatusSchema>;

/** The limit that stopped an execution. */
export const limitNameSchema = z.enum(['cpu_ms', 'wall_ms', 'mem_mb', 'max_events', 'max_output_kb']);
export type LimitName = z.infer<typeof limitNameSchema>;

/** Why an execution did not end well: the exception as thrown, or the limit that stopped it. */
const executionErrorSchema = exceptionPayloadSchema.extend({
  limit: limitNameSchema.optional(),
  allowed: z.number().optional(),
});
export type ExecutionError = z.infer<typeof executionErrorSchema>;

const metricsSchema = z.strictObject({
  wall_ms: z.number(),
  cpu_ms: z.number(),
  events: z.int(),
  output_bytes: z.int(),
  memory_bytes: z.int(),
});

export const executionSchema = z.strictObject({
  id: idSchema,
  session_id: idSchema,
  kind: executionKindSchema,
  /** The number of a REPL cell within its session, from 1. */
  cell: z.int().min(1).optional(),
  input: z.string().optional(),
  path: z.string().optional(),
  args: jsonValueSchema,
  env: jsonValueSchema,
  status: executionStatusSchema,
  started_at: timestampSchema,
  ended_at: timestampSchema.optional(),
  result: valuePayloadSchema.optional(),
  error: executionErrorSchema.optional(),
  metrics: metricsSchema,
  events: z.array(executionEventSchema).optional(),
});
export type Execution = z.infer<typeof executionSchema>;

/** An execution without what can be large: its input, arguments, result and events. */
export const executionSummarySchema = executionSchema.pick({
  id: true,
  session_id: true,
  kind: true,
  status: true,
  started_at: true,
  ended_at: true,
});
export type ExecutionSummary = z.infer<typeof executionSummarySchema>;

export const replSchema = z.strictObject({ session_id: idSchema, input: requiredTextSchema });

export const runFileSchema = absentIfNull(
  z.strictObject({
    session_id: idSchema,
    path: requiredTextSchema,
    args: jsonValueSchema.default({}),
    env: jsonObjectSchema.default({}),
  }),
);
