/**
 * The packages of one bundle on disk, each in a folder of its own where any consumer would have it, so that esbuild
 * finds its files by its own rules: `FOLDER/NAME@VERSION/node_modules/NAME`. It is gone when it is disposed of.
 */
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { draftName, sweepLeftovers } from '../leftovers.ts';
import { type PackageManifest, readPackageManifest } from './package-manifest.ts';
import type { FetchedPackage, PackageSource, ResolvedPackage } from './package-source.ts';

export interface ShelvedPackage {
  readonly id: string;
  readonly version: string;
  readonly manifest: PackageManifest;
  /** Imports that start here find the package by its name. */
  readonly folder: string;
}

const prefix = 'vm-system-library';

export class PackageShelf {
  readonly folder: string;
  readonly #shelved = new Map<string, ShelvedPackage>();
  readonly #coming = new Map<string, Promise<ShelvedPackage>>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<PackageShelf> {
    await sweepLeftovers(tmpdir(), prefix);
    const folder = join(tmpdir(), draftName(prefix));
    await mkdir(folder, { mode: 0o700 });
    return new PackageShelf(await realpath(folder));
  }

  /** As `name@version`, sorted. */
  get names(): string[] {
    return [...this.#shelved.values()].map(nameOf).sort();
  }

  /** Fetches a package that is not there yet. */
  bring(wanted: ResolvedPackage, source: PackageSource): Promise<ShelvedPackage> {
    const name = nameOf(wanted);
    const coming = this.#coming.get(name) ?? source.fetch(wanted).then((fetched) => this.put(fetched));
    this.#coming.set(name, coming);
    return coming;
  }

  async put(fetched: FetchedPackage): Promise<ShelvedPackage> {
    const { id, version, files } = fetched;
    const key = nameOf(fetched).replace('/', '+');
    const folder = join(this.folder, key);
    for (const [path, bytes] of files) {
      const target = join(folder, 'node_modules', id, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes);
    }
    const shelved = { id, version, folder, manifest: readPackageManifest(files) };
    this.#shelved.set(key, shelved);
    this.#coming.set(nameOf(fetched), Promise.resolve(shelved));
    return shelved;
  }

  has(path: string): boolean {
    return path.startsWith(this.folder + sep);
  }

  /** The package that a file or folder belongs to. */
  ownerOf(path: string): ShelvedPackage | undefined {
    const [key = ''] = relative(this.folder, path).split(sep);
    return this.#shelved.get(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function nameOf({ id, version }: { readonly id: string; readonly version: string }): string {
  return `${id}@${version}`;
}
