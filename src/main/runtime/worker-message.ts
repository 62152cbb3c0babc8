/** Reads what a worker sent. A worker runs code that nobody trusts, so its messages are checked like any other input. */
import * as z from 'zod';
import { exceptionPayloadSchema, guestEventSchema, valuePayloadSchema } from '#shared/contract/event';
import { limitNameSchema } from '#shared/contract/execution';
import { sessionVariableSchema } from '#shared/contract/session-inspection';
import type { WorkerMessage } from './protocol.ts';

const id = z.int();

const endSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('value'), value: valuePayloadSchema }),
  z.strictObject({ kind: z.literal('exception'), exception: exceptionPayloadSchema }),
  z.strictObject({ kind: z.literal('limit'), limit: limitNameSchema, allowed: z.number() }),
  z.strictObject({ kind: z.literal('cancelled') }),
  z.strictObject({ kind: z.literal('fault'), message: z.string() }),
]);

const outcomeSchema = z.strictObject({
  end: endSchema,
  cpuMs: z.number(),
  outputBytes: z.int(),
  memoryBytes: z.int(),
  usable: z.boolean(),
});

const nameSchema = z.strictObject({
  name: z.string(),
  rank: z.int(),
  kind: z.enum(['variable', 'function', 'class', 'property', 'method']),
  type: z.string().optional(),
  from: z.string().optional(),
});

const messageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('opened'), id, taken: z.string().optional() }),
  z.strictObject({ kind: z.literal('events'), id, events: z.array(guestEventSchema) }),
  z.strictObject({ kind: z.literal('ended'), id, outcome: outcomeSchema }),
  z.strictObject({
    kind: z.literal('variables'),
    id,
    variables: z.array(sessionVariableSchema),
    truncated: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('names'), id, names: z.array(nameSchema) }),
  z.strictObject({ kind: z.literal('failed'), message: z.string() }),
]);

/** Throws where the text is no message of the protocol. */
export function parseWorkerMessage(text: unknown): WorkerMessage {
  return messageSchema.parse(JSON.parse(z.string().parse(text)));
}

/** An event as a journal line, or undefined where it is none. */
export function parseJournalLine(line: string) {
  return guestEventSchema.safeParse(JSON.parse(line)).data;
}
