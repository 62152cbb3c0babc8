/**
 * A template as one JSON document that can be kept beside code and taken in elsewhere: no ids and no times. It says its
 * format and version first, so that a document of another day is refused as that and not for one of its fields.
 */
import * as z from 'zod';
import { jsonValueSchema, nameSchema, requiredTextSchema } from './primitive.ts';
import { capabilitySchema, settingsSchema, startupFileSchema } from './template.ts';
import { absentIfNull } from './tolerance.ts';

export const templateFormat = 'vm-system-template';
export const templateFormatVersion = 1;

const maxParts = 1000;

const documentSchema = z.strictObject({
  format: z.literal(templateFormat),
  format_version: z.literal(templateFormatVersion),
  name: nameSchema,
  engine: z.string(),
  is_active: z.boolean(),
  settings: settingsSchema.omit({ vm_id: true }),
  modules: z.array(nameSchema).max(maxParts),
  libraries: z.array(nameSchema).max(maxParts),
  capabilities: z
    .array(capabilitySchema.omit({ id: true, vm_id: true }).extend({ name: nameSchema, config: jsonValueSchema }))
    .max(maxParts),
  startup_files: z
    .array(startupFileSchema.omit({ id: true, vm_id: true }).extend({ path: requiredTextSchema, mode: z.string() }))
    .max(maxParts),
});
export type TemplateDocument = z.infer<typeof documentSchema>;

/** `preprocess` forgets what the schema takes: the type says it again. */
export const templateDocumentSchema = z.preprocess(refuseOtherFormats, documentSchema) as unknown as z.ZodType<
  TemplateDocument,
  TemplateDocument
>;

export const importTemplateSchema = absentIfNull(
  z.strictObject({ template: templateDocumentSchema, name: nameSchema.optional() }),
  'name',
);
export type ImportTemplate = z.infer<typeof importTemplateSchema>;

export const duplicateTemplateSchema = z.strictObject({ name: nameSchema });

function refuseOtherFormats(input: unknown, context: z.RefinementCtx): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const { format, format_version: version } = input as Record<string, unknown>; // an object, as was just asked
  if (format !== templateFormat) {
    context.addIssue({ code: 'custom', path: ['format'], message: `must be "${templateFormat}"` });
    return z.NEVER;
  }
  if (version !== templateFormatVersion) {
    const message = `must be ${templateFormatVersion}, the only version of the format that this vm-system reads`;
    context.addIssue({ code: 'custom', path: ['format_version'], message });
    return z.NEVER;
  }
  return input;
}
