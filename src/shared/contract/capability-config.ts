/**
 * What the config of a capability says, by its kind. Templates store any JSON, as older clients send it; where a field
 * named here is there, it has to be of this shape. Sessions read configs through these schemas and nothing else.
 */
import * as z from 'zod';
import { jsonValueSchema } from './primitive.ts';

const name = z.string().trim().min(1);
const byteCount = z.int().min(1);
const milliseconds = z.int().min(1).max(3_600_000);

/** `module:exec`: which commands may run, and what of the environment they see. */
const execConfigSchema = z.object({
  /** Names that are looked up in the PATH, or absolute paths; `*` allows every command. Nothing is allowed by default. */
  commands: z.array(name).default([]),
  /** Names of variables of the host's environment that commands see beside a minimal one. */
  env: z.array(name).default([]),
  timeout_ms: milliseconds.default(30_000),
});
export type ExecConfig = z.infer<typeof execConfigSchema>;

/** `module:database`. */
const databaseConfigSchema = z.object({
  read_only: z.boolean().default(false),
  statement_timeout_ms: milliseconds.default(5000),
  max_rows: z.int().min(1).max(1_000_000).default(10_000),
  max_result_bytes: byteCount.max(64 * 1024 * 1024).default(4 * 1024 * 1024),
});
export type DatabaseConfig = z.infer<typeof databaseConfigSchema>;

/** `module:fs`: the quotas of one session. */
const fsModuleConfigSchema = z.object({
  read_only: z.boolean().default(false),
  max_read_bytes: byteCount.default(10 * 1024 * 1024),
  max_written_bytes: byteCount.default(100 * 1024 * 1024),
  max_entries: z.int().min(1).default(10_000),
});
export type FsModuleConfig = z.infer<typeof fsModuleConfigSchema>;

/** Kind `fs`: one more folder for the `fs` module, beside the worktree. */
const fsRootConfigSchema = z.object({
  /** Absolute path of a folder; guests name what is in it by absolute paths too. */
  path: name,
  mode: z.enum(['ro', 'rw']).default('ro'),
});
export type FsRootConfig = z.infer<typeof fsRootConfigSchema>;

/** What a URL has beside a host could never match, so a list that names URLs would allow nothing. */
const hostPattern = name.refine(
  (text) => !/[/?#@\\\s]/.test(text),
  'must be a host without scheme and path, such as "api.example.org", "*.example.org" or "127.0.0.1:8080"',
);

/** Kind `net`: where `fetch` may go. */
export const netConfigSchema = z.object({
  /** `example.org`, `*.example.org`, `127.0.0.1:8080`; without a port the scheme's own. Private addresses only by name. */
  hosts: z.array(hostPattern).default([]),
  max_response_bytes: byteCount.max(64 * 1024 * 1024).default(8 * 1024 * 1024),
  timeout_ms: milliseconds.default(30_000),
});
export type NetConfig = z.infer<typeof netConfigSchema>;

/** Kind `env`: the variable of the capability's name. Without a value it is the host's, as it was at the session's start. */
const envConfigSchema = z.object({ value: z.string().optional() });

/** Kind `global`: the frozen value of the global of the capability's name. */
const globalConfigSchema = z.object({ value: jsonValueSchema.default(null) });

/** The configs by what they belong to: a module's by `module:name`, the others by their kind. */
export const capabilityConfigs = {
  'module:exec': execConfigSchema,
  'module:database': databaseConfigSchema,
  'module:fs': fsModuleConfigSchema,
  fs: fsRootConfigSchema,
  net: netConfigSchema,
  env: envConfigSchema,
  global: globalConfigSchema,
} as const;
export type CapabilityConfigs = { [Key in keyof typeof capabilityConfigs]: z.infer<(typeof capabilityConfigs)[Key]> };
