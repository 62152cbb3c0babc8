/**
 * Fills a cache folder with the catalog's libraries, for `vm-system libs download`. What is there and whole stays, what
 * is damaged is fetched again, and one that fails keeps none of the others back. Whoever imports this loads npm's
 * libraries and esbuild with it, so it is imported only where a download is asked for.
 */
import { libraryCatalog } from '#shared/contract/catalog';
import { readCacheEntry } from '../cache-entry.ts';
import { type DownloadedLibrary, downloadLibrary } from './download-library.ts';
import { failureReason } from './failure-reason.ts';
import { type NpmConfiguration, type NpmSurroundings, readNpmConfiguration } from './npm-configuration.ts';

export interface DownloadPlace extends NpmSurroundings {
  readonly folder: string;
}

export type DownloadOutcome =
  | {
      readonly name: string;
      readonly status: 'downloaded' | 'cached';
      readonly bytes: number;
      readonly sha256: string;
      /** The file of the package, or `bundled`. */
      readonly source: string;
    }
  | { readonly name: string; readonly status: 'failed'; readonly reason: string };

type CatalogEntry = (typeof libraryCatalog)[number];

/** A store works without React, and a guest has none: `zustand` itself would import it. */
const entries: Readonly<Record<string, string>> = { zustand: 'vanilla' };

/** All at once, told in the order of the catalog. */
export async function* downloadCatalog({ folder, ...surroundings }: DownloadPlace): AsyncGenerator<DownloadOutcome> {
  let npm: Promise<NpmConfiguration> | undefined;
  const readNpm = () => {
    npm ??= readNpmConfiguration(surroundings);
    return npm;
  };
  yield* libraryCatalog.map((library) => bring(library, folder, readNpm));
}

async function bring(
  library: CatalogEntry,
  folder: string,
  readNpm: () => Promise<NpmConfiguration>,
): Promise<DownloadOutcome> {
  const { id, version, global } = library;
  const name = `${id}-${version}`;
  try {
    const entry = await readCacheEntry(folder, name);
    if (entry.kind === 'whole') return succeeded(name, 'cached', entry);
    const part = entries[id] === undefined ? {} : { entry: entries[id] };
    const target = { folder, cacheName: name, npm: await readNpm() };
    return succeeded(name, 'downloaded', await downloadLibrary({ name: id, version, global, ...part }, target));
  } catch (error) {
    return { name, status: 'failed', reason: failureReason(error) };
  }
}

function succeeded(
  name: string,
  status: 'downloaded' | 'cached',
  { bytes, record }: DownloadedLibrary,
): DownloadOutcome {
  const { sha256, source } = record;
  return { name, status, bytes, sha256, source };
}
