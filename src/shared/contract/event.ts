/** Events are what an execution did, in order: `seq` counts from 1 without a gap. */
import * as z from 'zod';
import { idSchema, jsonObjectSchema, jsonValueSchema, timestampSchema } from './primitive.ts';

const consoleLevelSchema = z.enum(['log', 'warn', 'error', 'info', 'debug']);
export type ConsoleLevel = z.infer<typeof consoleLevelSchema>;

/** What `console.table` was given, as cells; `text` says the same and is always whole, this holds what fits. */
const tableSchema = z.strictObject({ columns: z.array(z.string()), rows: z.array(z.array(z.string())) });
export type ConsoleTable = z.infer<typeof tableSchema>;

const consolePayloadSchema = z.strictObject({
  level: consoleLevelSchema,
  text: z.string(),
  table: tableSchema.optional(),
});
const textPayloadSchema = z.strictObject({ text: z.string() });

/**
 * A guest value: `type` is the JavaScript one, `preview` is what a person reads, `json` is there where it serialises,
 * and `table` where the value is a list of plain objects, which people like to see as rows.
 */
export const valuePayloadSchema = z.strictObject({
  type: z.string(),
  preview: z.string(),
  json: jsonValueSchema.optional(),
  table: z.literal(true).optional(),
});
export type ValuePayload = z.infer<typeof valuePayloadSchema>;

/** A thrown guest error: `message` is `Name: text`. */
export const exceptionPayloadSchema = z.strictObject({ message: z.string(), stack: z.string() });
export type ExceptionPayload = z.infer<typeof exceptionPayloadSchema>;

/**
 * One thing in several forms, by MIME type; whoever shows it takes the richest form it can. `text/plain` is always there.
 * Texts are texts, images base64 but for SVG, JSON types any JSON.
 */
const displayPayloadSchema = z.strictObject({
  data: z.record(z.string(), jsonValueSchema),
  metadata: jsonObjectSchema.optional(),
});
export type DisplayPayload = z.infer<typeof displayPayloadSchema>;

const systemLevelSchema = z.enum(['info', 'warn', 'error']);
const systemPayloadSchema = z.strictObject({ message: z.string(), level: systemLevelSchema });

const draftOf = <Type extends string, Payload extends z.ZodType>(type: Type, payload: Payload) =>
  z.strictObject({ type: z.literal(type), ts: timestampSchema, payload });

/** What the guest can cause, as its worker reports it: not yet numbered, not yet bound to an execution. */
export const guestEventSchema = z.discriminatedUnion('type', [
  draftOf('console', consolePayloadSchema),
  draftOf('display', displayPayloadSchema),
  draftOf('stdout', textPayloadSchema),
  draftOf('stderr', textPayloadSchema),
  draftOf('system', systemPayloadSchema),
]);
export type GuestEvent = z.infer<typeof guestEventSchema>;

const eventOf = <Type extends string, Payload extends z.ZodType>(type: Type, payload: Payload) =>
  z.strictObject({
    execution_id: idSchema,
    seq: z.int().min(1),
    ts: timestampSchema,
    type: z.literal(type),
    payload,
  });

export const executionEventSchema = z.discriminatedUnion('type', [
  eventOf('input_echo', textPayloadSchema),
  eventOf('console', consolePayloadSchema),
  eventOf('display', displayPayloadSchema),
  eventOf('value', valuePayloadSchema),
  eventOf('exception', exceptionPayloadSchema),
  eventOf('system', systemPayloadSchema),
  eventOf('stdout', textPayloadSchema),
  eventOf('stderr', textPayloadSchema),
]);
export type ExecutionEvent = z.infer<typeof executionEventSchema>;

/** An event before it has its place in an execution. */
export type EventDraft = ExecutionEvent extends infer Event
  ? Event extends ExecutionEvent
    ? Omit<Event, 'execution_id' | 'seq'>
    : never
  : never;
