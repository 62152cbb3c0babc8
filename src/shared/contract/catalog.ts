/** The two catalogs: native modules of the host, and libraries that come from the user's npm registry. */
import * as z from 'zod';

export const catalogModuleSchema = z.strictObject({ name: z.string(), description: z.string() });
export type CatalogModule = z.infer<typeof catalogModuleSchema>;

/** Native modules that a template can grant. */
export const moduleCatalog: readonly CatalogModule[] = [
  { name: 'database', description: 'SQLite databases inside the worktree, or in memory' },
  { name: 'exec', description: 'Run allowed commands in the worktree' },
  { name: 'fs', description: 'Read and write files inside the worktree' },
];

/** Part of the language: always there, so granting one is a mistake worth naming. */
export const builtInNames: readonly string[] = [
  'array',
  'console',
  'date',
  'json',
  'math',
  'object',
  'promise',
  'string',
];

export const catalogLibrarySchema = z.strictObject({
  /** `id-version`, the name that templates use. */
  name: z.string(),
  id: z.string(),
  version: z.string(),
  /** The global variable that the library defines. */
  global: z.string(),
  cached: z.boolean(),
});
export type CatalogLibrary = z.infer<typeof catalogLibrarySchema>;

export const libraryCatalog: readonly Omit<CatalogLibrary, 'cached' | 'name'>[] = [
  { id: 'lodash', version: '4.17.21', global: '_' },
  { id: 'moment', version: '2.29.4', global: 'moment' },
  { id: 'axios', version: '1.6.0', global: 'axios' },
  { id: 'ramda', version: '0.29.0', global: 'R' },
  { id: 'dayjs', version: '1.11.10', global: 'dayjs' },
  { id: 'zustand', version: '4.4.7', global: 'zustand' },
];
