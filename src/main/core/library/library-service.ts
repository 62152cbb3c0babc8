/** The libraries of this host: what its cache holds, and how packages get there. Templates only name them. */
import type { OperationService } from '#core/operation/operation-service';
import type { LibraryCache, LibraryInstaller } from '#core/ports';
import { VmError } from '#core/vm-error';
import type { AddLibrary, CatalogLibrary } from '#shared/contract/catalog';
import type { Operation } from '#shared/contract/operation';

export interface LibraryServiceParts {
  readonly cache: LibraryCache;
  readonly installer: LibraryInstaller;
  readonly operations: OperationService;
}

export class LibraryService {
  readonly #parts: LibraryServiceParts;

  constructor(parts: LibraryServiceParts) {
    this.#parts = parts;
  }

  list(): Promise<CatalogLibrary[]> {
    return this.#parts.cache.list();
  }

  add(wanted: AddLibrary): Promise<Operation> {
    return this.#parts.operations.begin({
      kind: 'library_install',
      subject: `${wanted.name}@${wanted.version}`,
      run: async ({ abort, report }) => ({ ...(await this.#parts.installer.install(wanted, { abort, report })) }),
    });
  }

  /** Templates that name it keep doing so; their next session asks for it. Resolves to its name as templates write it. */
  async remove(name: string): Promise<string> {
    const library = name.toLowerCase();
    if (await this.#parts.cache.remove(library)) return library;
    throw new VmError(
      'LIBRARY_NOT_FOUND',
      `Library ${library} is not in the cache of this host, so nothing was removed.`,
      {
        details: { library },
      },
    );
  }
}
