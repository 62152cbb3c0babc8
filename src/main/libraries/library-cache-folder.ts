/** The LibraryCache port on a folder. It only reads: `vm-system libs download` fills the folder. */
import type { LibraryCache, Preload } from '#core/ports';
import { VmError } from '#core/vm-error';
import { type CatalogLibrary, libraryCatalog } from '#shared/contract/catalog';
import { type CacheEntry, isLibraryName, readCacheEntry } from './cache-entry.ts';

export class LibraryCacheFolder implements LibraryCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `cached` means that `load` would give it, so a damaged one is not. */
  list(): Promise<CatalogLibrary[]> {
    return Promise.all(
      libraryCatalog.map(async (library) => {
        const name = `${library.id}-${library.version}`;
        const { kind } = await readCacheEntry(this.#folder, name);
        return { name, ...library, cached: kind === 'whole' };
      }),
    );
  }

  async load(name: string): Promise<Preload> {
    const entry: CacheEntry = isLibraryName(name) ? await readCacheEntry(this.#folder, name) : { kind: 'absent' };
    if (entry.kind === 'whole') return { name, source: entry.script };
    throw new VmError('LIBRARY_NOT_CACHED', this.#refusalOf(name, entry), { details: { library: name } });
  }

  /** Names the folder in the command too: that of a host is seldom the default of the command. */
  #refusalOf(name: string, entry: Exclude<CacheEntry, { kind: 'whole' }>): string {
    const command = `vm-system libs download --cache-dir "${this.#folder}"`;
    return entry.kind === 'absent'
      ? `Library ${name} is not in the cache ${this.#folder}. Get it with: ${command}`
      : `Library ${name} in the cache ${this.#folder} is damaged: ${entry.reason}. Mend it with: ${command}`;
  }
}
