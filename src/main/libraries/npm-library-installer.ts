/**
 * The LibraryInstaller port by npm. Its libraries and esbuild are loaded with the first package that is asked for,
 * because they would cost every start of a host what few of them need.
 */
import type { InstallContext, LibraryInstaller } from '#core/ports';
import type { AddLibrary, InstalledLibrary } from '#shared/contract/catalog';
import type { CachePlace } from './download/add-library.ts';

export class NpmLibraryInstaller implements LibraryInstaller {
  readonly #place: CachePlace;

  constructor(place: CachePlace) {
    this.#place = place;
  }

  async install(wanted: AddLibrary, { abort, report }: InstallContext): Promise<InstalledLibrary> {
    const controller = new AbortController();
    if (abort.aborted) controller.abort();
    abort.addEventListener('abort', () => controller.abort(), { once: true });
    const { addLibrary } = await import('./download/add-library.ts');
    const { name: id, version: range, global } = wanted;
    const request = { id, range, ...(global === undefined ? {} : { global }) };
    return addLibrary(request, { place: this.#place, signal: controller.signal, report });
  }
}
