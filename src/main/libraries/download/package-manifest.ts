/** What matters here of a package's package.json. It comes from strangers: a field of a wrong kind counts as absent. */
import * as z from 'zod';
import type { PackageFiles } from './unpack-package.ts';

const path = z.string().optional().catch(undefined);
const ranges = z.record(z.string(), z.string()).catch({});
const manifestSchema = z.object({
  unpkg: path,
  jsdelivr: path,
  main: path,
  /** A file in place of `main`, or files and packages in place of others; `false` in place of what has no substitute. */
  browser: z
    .union([z.string(), z.record(z.string(), z.union([z.string(), z.literal(false)]))])
    .optional()
    .catch(undefined),
  dependencies: ranges,
  peerDependencies: ranges,
  optionalDependencies: ranges,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().catch(false) })).catch({}),
});
export type PackageManifest = z.infer<typeof manifestSchema>;

export function readPackageManifest(files: PackageFiles): PackageManifest {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(files.get('package.json'));
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error('The package has no package.json that can be read.', { cause });
  }
}

/**
 * The range of a package that this one needs. What it can do without is not brought: an optional dependency is mostly
 * native code, an optional peer is its consumer's business.
 */
export function neededRange(manifest: PackageManifest, name: string): string | undefined {
  const { dependencies, peerDependencies, optionalDependencies, peerDependenciesMeta } = manifest;
  if (Object.hasOwn(optionalDependencies, name)) return undefined;
  if (Object.hasOwn(dependencies, name)) return dependencies[name];
  const isOptional = Object.hasOwn(peerDependenciesMeta, name) && peerDependenciesMeta[name]?.optional === true;
  return !isOptional && Object.hasOwn(peerDependencies, name) ? peerDependencies[name] : undefined;
}
