/** The LibraryCache port on a folder. It reads and removes; filling the folder is the installer's part. */
import type { LibraryCache, Preload } from '#core/ports';
import { VmError } from '#core/vm-error';
import { type CatalogLibrary, libraryCatalog, libraryName } from '#shared/contract/catalog';
import {
  type CacheEntry,
  type CacheRecord,
  listCacheEntries,
  readCacheEntry,
  removeCacheEntry,
} from './cache-entry.ts';

export class LibraryCacheFolder implements LibraryCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `cached` means that `load` would give it, so a damaged one is not. */
  async list(): Promise<CatalogLibrary[]> {
    const inCatalog = libraryCatalog.map((library) => ({ name: libraryName(library), ...library }));
    const known = new Set(inCatalog.map(({ name }) => name));
    // Of a folder that cannot be read, the entries of the catalog say so.
    const names = await listCacheEntries(this.#folder).catch(() => []);
    const added = names.filter((name) => !known.has(name));
    return Promise.all([
      ...inCatalog.map(async (library) => ({ ...library, ...stateOf(await this.#read(library.name)) })),
      ...added.map(async (name) => addedLibrary(name, await this.#read(name))),
    ]);
  }

  async load(name: string): Promise<Preload> {
    const entry = await this.#read(name);
    if (entry.kind === 'whole') return { name, id: entry.record.id, global: entry.record.global, source: entry.script };
    throw new VmError('LIBRARY_NOT_CACHED', this.#refusalOf(name, entry), { details: { library: name } });
  }

  remove(name: string): Promise<boolean> {
    return removeCacheEntry(this.#folder, name);
  }

  #read(name: string): Promise<CacheEntry> {
    return readCacheEntry(this.#folder, name);
  }

  /** Names the folder in the command too: that of a host is seldom the default of the command. */
  #refusalOf(name: string, entry: Exclude<CacheEntry, { kind: 'whole' }>): string {
    const record = entry.kind === 'damaged' ? entry.record : undefined;
    const meant = record === undefined ? nameMeantBy(name) : undefined;
    if (meant !== undefined) {
      return (
        `There is no library ${name}: templates name one by its id and version, such as ${meant}. Mend the template with: ` +
        `vm-system template remove-library TEMPLATE --name ${name}, then add-library with --name ${meant}`
      );
    }
    const command = `vm-system ${bringingCommand(name, record)} --cache-dir "${this.#folder}"`;
    return entry.kind === 'absent'
      ? `Library ${name} is not in the cache ${this.#folder}. Get it with: ${command}`
      : `Library ${name} in the cache ${this.#folder} is damaged: ${entry.reason}. Mend it with: ${command}`;
  }
}

function stateOf(entry: CacheEntry): Pick<CatalogLibrary, 'cached' | 'bytes' | 'damage'> {
  if (entry.kind === 'absent') return { cached: false };
  const { bytes } = entry;
  return entry.kind === 'whole' ? { cached: true, bytes } : { cached: false, bytes, damage: entry.reason };
}

function addedLibrary(name: string, entry: CacheEntry): CatalogLibrary {
  const { id, version, global } = (entry.kind !== 'absent' && entry.record) || { ...partsOf(name), global: '' };
  return { name, id, version, global, ...stateOf(entry), added: true };
}

function bringingCommand(name: string, record: CacheRecord | undefined): string {
  if (libraryCatalog.some((library) => libraryName(library) === name)) return 'libs download';
  const { id, version } = record ?? partsOf(name);
  return `libs add ${id}@${version || 'VERSION'}${record === undefined ? '' : ` --global ${record.global}`}`;
}

/** What somebody meant who wrote `lodash`, or `papaparse@5.4.1` as npm has it. Undefined where the name may be right. */
function nameMeantBy(name: string): string | undefined {
  const [, id, version] = /^(.+)@(\d+\.\d+\.\d+.*)$/.exec(name) ?? [];
  if (id !== undefined && version !== undefined) return `${id}-${version}`;
  const inCatalog = libraryCatalog.find((library) => library.id === name);
  return inCatalog && libraryName(inCatalog);
}

/** A guess, for where nothing but the name is known: the version begins at the first three numbers. */
function partsOf(name: string): { readonly id: string; readonly version: string } {
  const [, id = name, version = ''] = /^(.+?)-(\d+\.\d+\.\d+.*)$/.exec(name) ?? [];
  return { id, version };
}
