/** A session is a live runtime made from a template and bound to a worktree folder; its state carries over. */
import * as z from 'zod';
import { sessionPolicySchema } from './policy.ts';
import { idSchema, jsonValueSchema, requiredTextSchema, timestampSchema } from './primitive.ts';

export const sessionStatusSchema = z.enum(['starting', 'ready', 'crashed', 'closed']);
export type SessionStatus = z.infer<typeof sessionStatusSchema>;

export const sessionSchema = z.strictObject({
  id: idSchema,
  /** The template's id: the wire name is the earlier daemon's. */
  vm_id: idSchema,
  workspace_id: z.string(),
  base_commit_oid: z.string(),
  worktree_path: z.string(),
  status: sessionStatusSchema,
  created_at: timestampSchema,
  closed_at: timestampSchema.optional(),
  last_error: z.string().optional(),
  runtime_meta: z.record(z.string(), jsonValueSchema).optional(),
  policy: sessionPolicySchema.optional(),
});
export type Session = z.infer<typeof sessionSchema>;

export const createSessionSchema = z.strictObject({
  template_id: idSchema,
  workspace_id: requiredTextSchema,
  base_commit_oid: requiredTextSchema,
  worktree_path: requiredTextSchema,
});
export type CreateSession = z.infer<typeof createSessionSchema>;
