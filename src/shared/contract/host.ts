/** What a host says of itself: health, who it is, what lives in it, and what changes. */
import * as z from 'zod';
import { executionSummarySchema } from './execution.ts';
import { operationSchema } from './operation.ts';
import { idSchema } from './primitive.ts';
import { sessionSchema } from './session.ts';
import { templateSchema } from './template.ts';

export const healthSchema = z.strictObject({
  status: z.literal('ok'),
  version: z.string(),
  pid: z.int(),
  uptime_ms: z.int(),
  api: z.literal('v1'),
});
export type Health = z.infer<typeof healthSchema>;

/** Proves that the host holds the token without showing it: HMAC-SHA256(token, nonce) in hex. */
export const helloSchema = z.strictObject({ pid: z.int(), proof: z.string() });

export const runtimeSummarySchema = z.strictObject({
  active_sessions: z.int(),
  active_session_ids: z.array(idSchema),
});

/** What changed in the host, for clients that keep a copy. `reset`: events were missed, load everything anew. */
export const hostEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('reset') }),
  z.strictObject({ type: z.literal('template_changed'), template: templateSchema }),
  z.strictObject({ type: z.literal('template_deleted'), template_id: idSchema }),
  z.strictObject({ type: z.literal('session_changed'), session: sessionSchema }),
  z.strictObject({ type: z.literal('execution_changed'), execution: executionSummarySchema }),
  z.strictObject({ type: z.literal('operation_changed'), operation: operationSchema }),
]);
export type HostEvent = z.infer<typeof hostEventSchema>;
