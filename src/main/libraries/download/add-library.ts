/**
 * Brings any package of npm into a cache folder: finds out which version is meant, and fetches it unless it is there and
 * whole. Whoever imports this loads npm's libraries and esbuild with it, so it is imported only where a package is
 * asked for.
 */
import { type InstalledLibrary, libraryCatalog, libraryName } from '#shared/contract/catalog';
import type { OperationProgress } from '#shared/contract/operation';
import { type CacheEntry, readCacheEntry } from '../cache-entry.ts';
import { sweepLeftovers } from '../leftovers.ts';
import { downloadLibrary } from './download-library.ts';
import { failureReason } from './failure-reason.ts';
import { globalName } from './global-name.ts';
import { type NpmConfiguration, type NpmSurroundings, readNpmConfiguration } from './npm-configuration.ts';
import { isExactVersion, type PackageRequest, registrySpec } from './package-request.ts';
import { PackageSource, type SourceLimits } from './package-source.ts';

export interface LibraryRequest extends PackageRequest {
  readonly global?: string;
}

/** Where libraries go, and whose npm configuration says where they come from. */
export interface CachePlace extends NpmSurroundings {
  readonly folder: string;
}

export interface AddContext {
  readonly place: CachePlace;
  readonly signal: AbortSignal;
  readonly report: (progress: OperationProgress) => void;
  /** Read once where several libraries are brought. */
  readonly npm?: () => Promise<NpmConfiguration>;
  readonly limits?: SourceLimits;
}

/** A store works without React, and a guest has none: `zustand` itself would import it. */
const entries: Readonly<Record<string, string>> = { zustand: 'vanilla' };

/** Rejects with one sentence that says why and what to do; with the reason of the signal where that was aborted. */
export async function addLibrary(request: LibraryRequest, context: AddContext): Promise<InstalledLibrary> {
  try {
    return await add(request, context);
  } catch (cause) {
    context.signal.throwIfAborted();
    throw new Error(failureReason(cause), { cause });
  }
}

async function add(
  request: LibraryRequest,
  { place, signal, report, limits, npm }: AddContext,
): Promise<InstalledLibrary> {
  const { id, range } = request;
  registrySpec(request);
  await sweepLeftovers(place.folder);
  if (isExactVersion(range)) {
    // Without a network, what is there already still is.
    const { cached } = await lookUp({ ...request, version: range }, place.folder);
    if (cached !== undefined) return cached;
  }
  const configuration = await (npm?.() ?? readNpmConfiguration(place));
  const source = new PackageSource({ npm: configuration, signal, report, ...(limits && { limits }) });
  source.tell('resolving');
  const resolved = await source.resolve({ id, range });
  const { cached, part } = await lookUp({ ...request, version: resolved.version }, place.folder);
  return cached ?? downloadLibrary({ ...resolved, ...part }, { folder: place.folder, source });
}

interface WantedVersion extends LibraryRequest {
  readonly version: string;
}

interface LibraryPart {
  readonly global: string;
  readonly entry?: string;
}

/** What is to be brought, and what is there of it: whole, and with the global that is wanted. */
async function lookUp(
  wanted: WantedVersion,
  folder: string,
): Promise<{ readonly part: LibraryPart; readonly cached: InstalledLibrary | undefined }> {
  const name = libraryName(wanted);
  const entry = await readCacheEntry(folder, name);
  refuseOther(wanted, entry);
  const part = partOf(wanted, entry);
  if (entry.kind !== 'whole' || entry.record.global !== part.global) return { part, cached: undefined };
  const { id, version, global, sha256, source } = entry.record;
  return { part, cached: { name, id, version, global, bytes: entry.bytes, sha256, source, status: 'cached' } };
}

/** `a@1.0.0-b-1.0.0` and `a-1.0.0-b@1.0.0` would have one name: the first that came has it. */
function refuseOther({ id }: WantedVersion, entry: CacheEntry): void {
  if (entry.kind !== 'whole' || entry.record.id === id) return;
  throw new Error(`The name is taken by ${entry.record.id}@${entry.record.version} in the cache. Remove that first.`);
}

/** A library of the catalog has the catalog's global; another keeps the one that it has, unless another is wanted. */
function partOf({ id, version, global }: WantedVersion, entry: CacheEntry): LibraryPart {
  const known = libraryCatalog.find((library) => library.id === id && library.version === version);
  if (known === undefined) {
    const recorded = entry.kind === 'absent' ? undefined : entry.record?.global;
    return { global: globalName(id, global ?? recorded) };
  }
  if (global !== undefined && global !== known.global) {
    throw new Error(`${id}@${version} is in the catalog, where its global is ${known.global}: ask for no other.`);
  }
  return { global: known.global, ...(entries[id] !== undefined && { entry: entries[id] }) };
}
