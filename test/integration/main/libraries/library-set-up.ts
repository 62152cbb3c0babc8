/** A registry with packages, a cache folder, and the way to bring libraries from the one into the other. */
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { readCacheEntry } from '#main/libraries/cache-entry';
import { addLibrary, type LibraryRequest } from '#main/libraries/download/add-library';
import type { SourceLimits } from '#main/libraries/download/package-source';
import { libraryName } from '#shared/contract/catalog';
import type { OperationProgress } from '#shared/contract/operation';
import { temporaryFolder } from '../../../support/temp-dir.ts';
import { type ServedPackage, startPackageRegistry } from './package-registry.ts';

export interface AddOptions {
  readonly limits?: SourceLimits;
  readonly signal?: AbortSignal;
  /** Of a request that fails in a way that may pass. */
  readonly retries?: number;
}

export async function setUpLibraries(packages: Record<string, ServedPackage | readonly ServedPackage[]>) {
  const registry = await startPackageRegistry(packages);
  const root = temporaryFolder();
  const folder = join(root, 'libraries');
  const progress: OperationProgress[] = [];
  const add = (request: LibraryRequest, { limits, retries = 0, signal }: AddOptions = {}) =>
    addLibrary(request, {
      place: { folder, env: {}, workingFolder: root },
      signal: signal ?? new AbortController().signal,
      report: (step) => progress.push(step),
      npm: async () => ({
        registry: registry.url,
        cache: join(root, 'npm'),
        retry: { retries, minTimeout: 1, maxTimeout: 1 },
      }),
      ...(limits && { limits }),
    });
  return { registry, root, folder, progress, add };
}

/** What a library puts on the global object, as JSON: the sources are the test's own, so they may run here. */
export async function libraryValue(folder: string, { id, version }: { id: string; version: string }): Promise<unknown> {
  const entry = await readCacheEntry(folder, libraryName({ id, version }));
  if (entry.kind !== 'whole') throw new Error(`${id} is ${entry.kind}`);
  const context = createContext({});
  runInContext(entry.script, context);
  return JSON.parse(runInContext(`JSON.stringify(${entry.record.global})`, context));
}
