/** The history of a template: every stored change makes the next version, which is kept whole. */
import * as z from 'zod';
import { policyHashSchema } from './policy.ts';
import { jsonValueSchema, timestampSchema } from './primitive.ts';
import { templateDetailSchema } from './template.ts';

export const templateVersionSchema = z.strictObject({
  version: z.int().min(1),
  created_at: timestampSchema,
  /** What was done, on one line. */
  change: z.string(),
  /** Of what the version allows: versions with one hash let a session do the same. */
  policy_hash: policyHashSchema,
});
export type TemplateVersion = z.infer<typeof templateVersionSchema>;

/** A version with the whole template as it was. */
export const templateVersionDetailSchema = templateVersionSchema.extend({ detail: templateDetailSchema });
export type TemplateVersionDetail = z.infer<typeof templateVersionDetailSchema>;

/** One thing in which two versions differ, such as `settings.limits.cpu_ms` or `capabilities["env:HOME"]`. */
export const differenceSchema = z.strictObject({
  path: z.string(),
  kind: z.enum(['added', 'removed', 'changed']),
  before: jsonValueSchema.optional(),
  after: jsonValueSchema.optional(),
});
export type Difference = z.infer<typeof differenceSchema>;
