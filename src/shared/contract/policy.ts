/** What a session may do, frozen on the day it was made. Its hash names it: equal hashes allow the same. */
import * as z from 'zod';
import { capabilitySchema, engineSchema, settingsSchema, startupFileSchema } from './template.ts';

/** SHA-256 in hexadecimal digits. */
export const policyHashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');

export const policySchema = z.strictObject({
  template_name: z.string(),
  engine: engineSchema,
  settings: settingsSchema.omit({ vm_id: true }),
  modules: z.array(z.string()).readonly(),
  libraries: z.array(z.string()).readonly(),
  capabilities: z.array(capabilitySchema),
  startup_files: z.array(startupFileSchema).readonly(),
});

/** Which policy a session runs under. It never changes within a session, so it holds for every execution in it. */
export const sessionPolicySchema = z.strictObject({
  hash: policyHashSchema,
  /** The version of the template that it was taken from; absent for sessions from before versions were kept. */
  template_version: z.int().min(1).optional(),
  /** False where the template allows something else by now; absent where the template is gone. */
  is_current: z.boolean().optional(),
});
export type SessionPolicy = z.infer<typeof sessionPolicySchema>;

export const sessionPolicyDetailSchema = sessionPolicySchema.extend({ content: policySchema });
export type SessionPolicyDetail = z.infer<typeof sessionPolicyDetailSchema>;
