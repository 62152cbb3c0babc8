/** The LibraryCache port on a folder: `ID-VERSION.js` holds the global build of a library. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LibraryCache, Preload } from '#core/ports';
import { VmError } from '#core/vm-error';
import { type CatalogLibrary, libraryCatalog } from '#shared/contract/catalog';

export class LibraryCacheFolder implements LibraryCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(): Promise<CatalogLibrary[]> {
    const files = new Set(await readdir(this.#folder).catch(() => []));
    return libraryCatalog.map((library) => {
      const name = `${library.id}-${library.version}`;
      return { name, ...library, cached: files.has(`${name}.js`) };
    });
  }

  async load(name: string): Promise<Preload> {
    // Only a plain file name may reach the file system; no other name can be in the cache.
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) throw notCached(name, this.#folder);
    try {
      return { name, source: await readFile(join(this.#folder, `${name}.js`), 'utf8') };
    } catch (cause) {
      throw notCached(name, this.#folder, cause);
    }
  }
}

function notCached(name: string, folder: string, cause?: unknown): VmError {
  return new VmError(
    'LIBRARY_NOT_CACHED',
    `Library ${name} is not in the cache ${folder}. Get it with: vm-system libs download`,
    {
      details: { library: name },
      cause,
    },
  );
}
