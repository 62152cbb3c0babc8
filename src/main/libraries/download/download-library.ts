/**
 * Brings one library into a cache folder: package from the registry → its own script, or a bundle → checked → stored.
 * Nothing of the package runs on the host. It knows any package and exact version; the catalog is its caller's business.
 */
import { type CacheRecord, writeCacheEntry } from '../cache-entry.ts';
import { bundlePackage } from './bundle-package.ts';
import { fetchPackage, type PackageVersion } from './fetch-package.ts';
import { isScript } from './is-script.ts';
import type { NpmConfiguration } from './npm-configuration.ts';
import { findReadyScript } from './ready-script.ts';
import type { PackageFiles } from './unpack-package.ts';

export interface WantedLibrary extends PackageVersion {
  /** The global variable it is to define. */
  readonly global: string;
  /** Asks for a part of the package, such as `vanilla` for `zustand/vanilla`; it is always bundled. */
  readonly entry?: string;
}

export interface DownloadTarget {
  readonly folder: string;
  /** Name of the library in the cache. */
  readonly cacheName: string;
  readonly npm: NpmConfiguration;
}

export interface DownloadedLibrary {
  readonly bytes: number;
  readonly record: CacheRecord;
}

interface Script {
  readonly text: string;
  /** The file of the package, or `bundled`. */
  readonly source: string;
}

/** More would cost every session seconds of parsing. */
const maxScriptBytes = 8 * 1024 * 1024;

export async function downloadLibrary(
  library: WantedLibrary,
  { folder, cacheName, npm }: DownloadTarget,
): Promise<DownloadedLibrary> {
  const { files, integrity } = await fetchPackage(library, npm);
  const { text, source } = await scriptOf(library, files);
  const bytes = checkScript(text);
  const origin = { integrity, source, global: library.global, downloaded_at: new Date().toISOString() };
  return { bytes, record: await writeCacheEntry(folder, cacheName, { script: text, ...origin }) };
}

async function scriptOf(library: WantedLibrary, files: PackageFiles): Promise<Script> {
  const { name, global, entry } = library;
  const ready = entry === undefined ? findReadyScript(library, files) : undefined;
  if (ready !== undefined) return { text: ready.text, source: ready.path };
  const specifier = entry === undefined ? name : `${name}/${entry}`;
  return { text: await bundlePackage({ name, global, specifier }, files), source: 'bundled' };
}

/** Whether it works, only a guest can tell; that it is a script of sensible size, the host can. */
function checkScript(text: string): number {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxScriptBytes) throw new Error(`The script has ${bytes} bytes; a library may have ${maxScriptBytes}.`);
  if (!isScript(text)) throw new Error('What was made of the package does not parse as a script.');
  return bytes;
}
