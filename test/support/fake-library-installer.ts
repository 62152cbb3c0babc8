/** A LibraryInstaller that a test plays: it waits until it is told how each installation goes. */
import type { InstallContext, LibraryInstaller } from '#core/ports';
import type { AddLibrary, InstalledLibrary } from '#shared/contract/catalog';

export interface Installation extends InstallContext {
  readonly wanted: AddLibrary;
  succeed(): void;
  fail(error: Error): void;
}

export class FakeLibraryInstaller implements LibraryInstaller {
  /** In the order they began. */
  readonly installations: Installation[] = [];

  install(wanted: AddLibrary, context: InstallContext): Promise<InstalledLibrary> {
    const { promise, resolve, reject } = Promise.withResolvers<InstalledLibrary>();
    context.abort.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    this.installations.push({ ...context, wanted, succeed: () => resolve(installed(wanted)), fail: reject });
    return promise;
  }
}

function installed({ name: id, version, global = id }: AddLibrary): InstalledLibrary {
  const name = `${id}-${version}`;
  return { name, id, version, global, bytes: 1, sha256: 'ab', source: 'index.js', status: 'downloaded' };
}
