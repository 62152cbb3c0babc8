/**
 * Fills a cache folder with the catalog's libraries, for `vm-system libs download`, and mends what was added beside them
 * and is damaged. What is there and whole stays, and one that fails keeps none of the others back.
 */
import { type LibraryOutcome, libraryCatalog, libraryName } from '#shared/contract/catalog';
import type { OperationProgress } from '#shared/contract/operation';
import { listCacheEntries, readCacheEntry } from '../cache-entry.ts';
import { addLibrary, type CachePlace, type LibraryRequest } from './add-library.ts';
import { type NpmConfiguration, readNpmConfiguration } from './npm-configuration.ts';

export interface CatalogDownload {
  readonly place: CachePlace;
  readonly signal: AbortSignal;
  /** How far one of them is, by its name. */
  readonly report: (name: string, progress: OperationProgress) => void;
}

/** All at once, told in the order of the catalog. Ends with the reason of the signal where that is aborted. */
export async function* downloadCatalog(download: CatalogDownload): AsyncGenerator<LibraryOutcome> {
  const { place } = download;
  let known: Promise<NpmConfiguration> | undefined;
  const npm = () => {
    known ??= readNpmConfiguration(place);
    return known;
  };
  const requests = [
    ...libraryCatalog.map(({ id, version }) => ({ id, range: version })),
    ...(await damagedRequests(place.folder)),
  ];
  const outcomes = requests.map((request) => bring(request, { ...download, npm }));
  for (const outcome of outcomes) outcome.catch(() => undefined);
  yield* outcomes;
}

async function bring(
  request: LibraryRequest,
  { place, signal, report, npm }: CatalogDownload & { npm: () => Promise<NpmConfiguration> },
): Promise<LibraryOutcome> {
  const name = libraryName({ id: request.id, version: request.range });
  try {
    return await addLibrary(request, { place, signal, npm, report: (progress) => report(name, progress) });
  } catch (error) {
    signal.throwIfAborted();
    return { name, status: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Of what is not in the catalog, only a record says what it was. */
async function damagedRequests(folder: string): Promise<LibraryRequest[]> {
  const inCatalog = new Set(libraryCatalog.map(libraryName));
  // A folder that cannot be read is told of by every library that should be stored there.
  const names = await listCacheEntries(folder).catch(() => []);
  const added = names.filter((name) => !inCatalog.has(name));
  const entries = await Promise.all(added.map((name) => readCacheEntry(folder, name)));
  return entries.flatMap((entry) => {
    if (entry.kind !== 'damaged' || entry.record === undefined) return [];
    const { id, version, global } = entry.record;
    return [{ id, range: version, global }];
  });
}
