/** A template says what a runtime may do: engine, limits, startup files, modules, libraries, resolver, capabilities. */
import * as z from 'zod';
import { idSchema, jsonValueSchema, nameSchema, requiredTextSchema, timestampSchema } from './primitive.ts';
import { absentIfNull } from './tolerance.ts';

/** Engines by the name that is stored. */
export const engineSchema = z.enum(['quickjs']);
export type Engine = z.infer<typeof engineSchema>;

/** Names that older scripts send, and the engine each of them gets. */
export const engineAliases: Readonly<Record<string, Engine>> = { quickjs: 'quickjs', goja: 'quickjs' };

export const templateSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  engine: engineSchema,
  is_active: z.boolean(),
  exposed_modules: z.array(z.string()),
  libraries: z.array(z.string()),
  /** Counts the changes that were stored, from 1. */
  version: z.int().min(1),
  created_at: timestampSchema,
  updated_at: timestampSchema,
});
export type Template = z.infer<typeof templateSchema>;

const milliseconds = z.int().min(1).max(3_600_000);

/** What stops an execution. Times in milliseconds, memory in MiB, output in KiB. */
const limitsSchema = z.strictObject({
  /** Time spent in the guest, without waits. */
  cpu_ms: milliseconds,
  /** Everything from start to end, waiting for timers and promises included. */
  wall_ms: milliseconds,
  /** Memory the guest may hold; 1 GiB is what one WebAssembly memory can be asked for with room to spare. */
  mem_mb: z.int().min(16).max(1024),
  max_events: z.int().min(1).max(1_000_000),
  /** Together with max_events small enough that a reply with everything still fits into one string. */
  max_output_kb: z.int().min(1).max(262_144),
});
export type Limits = z.infer<typeof limitsSchema>;

const resolverSchema = z.strictObject({
  roots: z.array(requiredTextSchema),
  extensions: z.array(z.string().regex(/^\.[\w.]+$/, 'must start with a dot, such as ".js"')),
  allow_absolute_repo_imports: z.boolean(),
});

const runtimeOptionsSchema = z.strictObject({ esm: z.boolean(), strict: z.boolean(), console: z.boolean() });
export type RuntimeOptions = z.infer<typeof runtimeOptionsSchema>;

export const settingsSchema = z.strictObject({
  vm_id: idSchema,
  limits: limitsSchema,
  resolver: resolverSchema,
  runtime: runtimeOptionsSchema,
});
export type Settings = z.infer<typeof settingsSchema>;

/** The settings of a new template. */
export const defaultSettings: Omit<Settings, 'vm_id'> = {
  limits: { cpu_ms: 5000, wall_ms: 30_000, mem_mb: 128, max_events: 1000, max_output_kb: 512 },
  resolver: { roots: [], extensions: ['.js', '.mjs'], allow_absolute_repo_imports: false },
  runtime: { esm: false, strict: false, console: true },
};

const capabilityKindSchema = z.enum(['module', 'global', 'fs', 'net', 'env']);

export const capabilitySchema = z.strictObject({
  id: idSchema,
  vm_id: idSchema,
  kind: capabilityKindSchema,
  name: z.string(),
  enabled: z.boolean(),
  config: jsonValueSchema,
});
export type Capability = z.infer<typeof capabilitySchema>;

export const startupModeSchema = z.enum(['eval', 'import']);

export const startupFileSchema = z.strictObject({
  id: idSchema,
  vm_id: idSchema,
  path: z.string(),
  order_index: z.int(),
  mode: startupModeSchema,
});
export type StartupFile = z.infer<typeof startupFileSchema>;

/** The whole aggregate: what is loaded, changed and stored as one. */
export const templateDetailSchema = z.strictObject({
  template: templateSchema,
  settings: settingsSchema,
  capabilities: z.array(capabilitySchema),
  startup_files: z.array(startupFileSchema),
});
export type TemplateDetail = z.infer<typeof templateDetailSchema>;

export const createTemplateSchema = absentIfNull(
  z.strictObject({ name: nameSchema, engine: z.string().optional() }),
  'engine',
);
export type CreateTemplate = z.infer<typeof createTemplateSchema>;

export const updateTemplateSchema = absentIfNull(
  z.strictObject({ name: nameSchema.optional(), is_active: z.boolean().optional() }),
);
export type UpdateTemplate = z.infer<typeof updateTemplateSchema>;

export type PutSettings = Omit<Settings, 'vm_id'>;

/** A whole replacement of the settings. `vm_id` may come back as it was read; it moves nothing. */
export const putSettingsSchema = absentIfNull(settingsSchema.partial({ vm_id: true }));

/** A change of single fields; what is left out stays. */
export const patchSettingsSchema = absentIfNull(
  z.strictObject({
    limits: absentIfNull(limitsSchema.partial()).optional(),
    resolver: absentIfNull(resolverSchema.partial()).optional(),
    runtime: absentIfNull(runtimeOptionsSchema.partial()).optional(),
  }),
);
export type PatchSettings = z.infer<typeof patchSettingsSchema>;

export const addCapabilitySchema = absentIfNull(
  z.strictObject({
    kind: capabilityKindSchema.default('module'),
    name: nameSchema,
    enabled: z.boolean().default(true),
    config: jsonValueSchema.default({}),
  }),
);
export type AddCapability = z.infer<typeof addCapabilitySchema>;

export const updateCapabilitySchema = absentIfNull(
  z.strictObject({ enabled: z.boolean().optional(), config: jsonValueSchema.optional(), name: nameSchema.optional() }),
);
export type UpdateCapability = z.infer<typeof updateCapabilitySchema>;

const orderIndexSchema = z.int().min(-1_000_000).max(1_000_000);

/** `mode` is any text here: an unknown one is the domain's STARTUP_MODE_UNSUPPORTED, not a spelling mistake. */
export const addStartupFileSchema = absentIfNull(
  z.strictObject({
    path: requiredTextSchema,
    order_index: orderIndexSchema.default(0),
    mode: z.string().default('eval'),
  }),
  'mode',
);

export type AddStartupFile = z.infer<typeof addStartupFileSchema>;

export const updateStartupFileSchema = absentIfNull(
  z.strictObject({
    path: requiredTextSchema.optional(),
    order_index: orderIndexSchema.optional(),
    mode: z.string().optional(),
  }),
  'mode',
);
export type UpdateStartupFile = z.infer<typeof updateStartupFileSchema>;

export const reorderStartupFilesSchema = z.strictObject({ ids: z.array(idSchema) });

export const addNameSchema = z.strictObject({ name: nameSchema });

export const grantSchema = z.strictObject({ template_id: idSchema, name: z.string() });
