/**
 * Brings one library into a cache folder: package from the registry → its own script, or a bundle → checked → stored.
 * Nothing of the package runs on the host. It knows any package; the catalog is its caller's business.
 */
import { type InstalledLibrary, libraryName } from '#shared/contract/catalog';
import { writeCacheEntry } from '../cache-entry.ts';
import { bundlePackage } from './bundle-package.ts';
import { isScript } from './is-script.ts';
import type { FetchedPackage, PackageSource, ResolvedPackage } from './package-source.ts';
import { findReadyScript } from './ready-script.ts';

export interface WantedLibrary extends ResolvedPackage {
  /** The global variable it is to define. */
  readonly global: string;
  /** Asks for a part of the package, such as `vanilla` for `zustand/vanilla`; it is always bundled. */
  readonly entry?: string;
}

export interface DownloadTarget {
  readonly folder: string;
  readonly source: PackageSource;
}

interface LibraryScript {
  readonly text: string;
  /** The file of the package, or `bundled`. */
  readonly source: string;
  readonly packages: readonly string[];
}

/** More would cost every session seconds of parsing. */
const maxScriptBytes = 8 * 1024 * 1024;

export async function downloadLibrary(
  library: WantedLibrary,
  { folder, source }: DownloadTarget,
): Promise<InstalledLibrary> {
  const { id, version, global, integrity } = library;
  const script = await scriptOf(library, await source.fetch(library), source);
  const bytes = checkScript(script.text);
  source.signal.throwIfAborted();
  source.tell('storing');
  const name = libraryName(library);
  const record = await writeCacheEntry(folder, name, {
    id,
    version,
    global,
    integrity,
    source: script.source,
    packages: [...script.packages],
    downloaded_at: new Date().toISOString(),
    script: script.text,
  });
  return { name, id, version, global, bytes, sha256: record.sha256, source: script.source, status: 'downloaded' };
}

async function scriptOf(
  { id, global, entry }: WantedLibrary,
  fetched: FetchedPackage,
  source: PackageSource,
): Promise<LibraryScript> {
  const ready = entry === undefined ? findReadyScript({ name: id, global }, fetched.files) : undefined;
  if (ready !== undefined) return { text: ready.text, source: ready.path, packages: [] };
  source.tell('bundling');
  const specifier = entry === undefined ? id : `${id}/${entry}`;
  return { source: 'bundled', ...(await bundlePackage({ global, specifier }, fetched, source)) };
}

/** Whether it works, only a guest can tell; that it is a script of sensible size, the host can. */
function checkScript(text: string): number {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxScriptBytes) throw new Error(`The script has ${bytes} bytes; a library may have ${maxScriptBytes}.`);
  if (!isScript(text)) throw new Error('What was made of the package does not parse as a script.');
  return bytes;
}
