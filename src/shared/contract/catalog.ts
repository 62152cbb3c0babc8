/** The two catalogs: native modules of the host, and libraries that come from the user's npm registry. */
import * as z from 'zod';
import { nameSchema } from './primitive.ts';

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
  /** The package of npm. */
  id: z.string(),
  version: z.string(),
  /** The global variable that the library defines. */
  global: z.string(),
  /** Whether a session would get it. One that is there and damaged is not cached. */
  cached: z.boolean(),
  /** Of one that is there: the size of its script. */
  bytes: z.int().optional(),
  /** Of one that is there and unusable: why. */
  damage: z.string().optional(),
  /** Whether it was added beside the six of the catalog. */
  added: z.boolean().optional(),
});
export type CatalogLibrary = z.infer<typeof catalogLibrarySchema>;

export const libraryCatalog: readonly Pick<CatalogLibrary, 'id' | 'version' | 'global'>[] = [
  { id: 'lodash', version: '4.17.21', global: '_' },
  { id: 'moment', version: '2.29.4', global: 'moment' },
  { id: 'axios', version: '1.6.0', global: 'axios' },
  { id: 'ramda', version: '0.29.0', global: 'R' },
  { id: 'dayjs', version: '1.11.10', global: 'dayjs' },
  { id: 'zustand', version: '4.4.7', global: 'zustand' },
];

/** Any package of npm. `version` is an exact one, a range or a tag; what it stood for is in the result. */
export const addLibrarySchema = z.strictObject({
  name: nameSchema,
  version: nameSchema,
  /** The global variable to define; without it, the package's name in camel case. */
  global: nameSchema.optional(),
});
export type AddLibrary = z.infer<typeof addLibrarySchema>;

/** A library in the cache, as whoever brought it there is told; the result of a `library_install`. */
export interface InstalledLibrary {
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly global: string;
  readonly bytes: number;
  readonly sha256: string;
  /** The file of the package that the script is, or `bundled`. */
  readonly source: string;
  /** Whether it was brought now, or was there and whole already. */
  readonly status: 'downloaded' | 'cached';
}

/** What came of one library of several. */
export type LibraryOutcome =
  | InstalledLibrary
  | { readonly name: string; readonly status: 'failed'; readonly reason: string };

/** The name that templates use. */
export function libraryName({ id, version }: { readonly id: string; readonly version: string }): string {
  return `${id}-${version}`.toLowerCase();
}
