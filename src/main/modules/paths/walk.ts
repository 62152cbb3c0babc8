/**
 * Leads a path from its root to the folder that its last name is in. Each component is entered beneath its parent without
 * following links; links are followed by hand, as the system would, while they stay inside, and nothing outside is asked
 * for. What this returns is held: whoever works on `name` in `folder` works where the walk has been.
 */
import { readlink } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { isGitName } from './git-name.ts';
import { guardFolder } from './guarded-folder.ts';
import type { HeldFolder } from './held-folder.ts';
import { isHostName } from './host-name.ts';
import { refusePath, systemCodeOf } from './path-problem.ts';
import { componentsOf, toSlashes } from './path-text.ts';
import { ProtectedFiles, type ProtectedPlaces } from './protected-files.ts';
import type { Root } from './root.ts';

/** As many links and steps upward as a path may take before it is held for a circle. */
const maxTurns = 40;

export interface WalkOptions {
  /** What becomes of a link in the last place: it is followed, or it is what the caller wants. */
  readonly lastLink: 'follow' | 'keep';
  /** Refuses names that git would take for its own. */
  readonly forWriting?: boolean;
  /** The host's own, which stay out of reach also for what is done at the place. */
  readonly protectedFiles?: ProtectedFiles;
  /** Makes a folder that is missing on the way. */
  readonly makeFolder?: (parent: HeldFolder, name: string, names: readonly string[]) => Promise<void>;
}

export interface Place {
  readonly root: Root;
  readonly folder: HeldFolder;
  /** Name in the folder, which may not exist; `.` where the path leads to the folder itself. */
  readonly name: string;
  /** All names from the root on, none of them a link when it was passed. */
  readonly names: readonly string[];
}

/** Walks to a path's place, lets an action work there, and lets go of it. `path` is for messages only. */
export async function atPlace<Result>(
  { root, path, components }: { root: Root; path: string; components: readonly string[] },
  options: WalkOptions,
  action: (place: Place) => Promise<Result>,
): Promise<Result> {
  const { protectedFiles = new ProtectedFiles() } = options;
  const walk = new Walk({ root, path, options, places: await protectedFiles.look() });
  try {
    return await action(await walk.to(components));
  } finally {
    await walk.close();
  }
}

interface WalkParts {
  readonly root: Root;
  readonly path: string;
  readonly options: WalkOptions;
  readonly places: ProtectedPlaces;
}

class Walk {
  readonly #root: Root;
  readonly #path: string;
  readonly #options: WalkOptions;
  readonly #places: ProtectedPlaces;
  #folder: HeldFolder | undefined;
  #names: string[] = [];
  #turns = 0;

  constructor({ root, path, options, places }: WalkParts) {
    this.#root = root;
    this.#path = path;
    this.#options = options;
    this.#places = places;
  }

  async to(components: readonly string[]): Promise<Place> {
    let folder = await this.#restart();
    const rest = [...components];
    for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
      if (name === '..') {
        rest.unshift(...this.#namesAbove());
        folder = await this.#restart();
        continue;
      }
      if (this.#options.forWriting && isGitName(name)) refusePath(this.#path, `"${name}" is git's own`);
      if (this.#options.forWriting && isHostName(name))
        refusePath(this.#path, `"${name}" is a name of vm-system's own`);
      const isLast = rest.length === 0;
      const next = isLast ? await this.#linkOf(folder, name) : await this.#enter(folder, name);
      if (next === undefined) return { root: this.#root, folder, name, names: [...this.#names, name] };
      if (typeof next !== 'string') {
        this.#names.push(name);
        folder = await this.#move(next);
        continue;
      }
      this.#turn('it is a link that leads in circles');
      if (isAbsolute(next)) folder = await this.#restart();
      rest.unshift(...componentsOf(toSlashes(await this.#inside(next))));
    }
    return { root: this.#root, folder, name: '.', names: this.#names };
  }

  async close(): Promise<void> {
    await this.#folder?.close();
    this.#folder = undefined;
  }

  async #restart(): Promise<HeldFolder> {
    this.#names = [];
    const { forWriting = false } = this.#options;
    const [places, path] = [this.#places, this.#path];
    if (places.covers(this.#root.realPath, forWriting)) refusePath(path, "it is in the host's own folder");
    return this.#move(await guardFolder(await this.#root.hold(), { places, forWriting, path }));
  }

  async #move(next: HeldFolder): Promise<HeldFolder> {
    await this.close();
    this.#folder = next;
    return next;
  }

  /** Where one step upward leads, walked anew from the root: a folder's own `..` could lead out by now. */
  #namesAbove(): string[] {
    this.#turn('it goes up too often');
    if (this.#names.length === 0) this.#refuseLeaving();
    return this.#names.slice(0, -1);
  }

  /** The folder of that name, or the target where it is a link. */
  async #enter(folder: HeldFolder, name: string): Promise<HeldFolder | string> {
    try {
      return await folder.enter(name);
    } catch (error) {
      const { makeFolder } = this.#options;
      if (systemCodeOf(error) === 'ENOENT' && makeFolder !== undefined) {
        await makeFolder(folder, name, [...this.#names, name]);
        return folder.enter(name);
      }
      const target = await readLink(folder, name);
      if (target === undefined) throw error;
      return target;
    }
  }

  async #linkOf(folder: HeldFolder, name: string): Promise<string | undefined> {
    return this.#options.lastLink === 'keep' ? undefined : readLink(folder, name);
  }

  async #inside(target: string): Promise<string> {
    return isAbsolute(target) ? ((await this.#root.relativeOf(target)) ?? this.#refuseLeaving()) : target;
  }

  #turn(reason: string): void {
    this.#turns += 1;
    if (this.#turns > maxTurns) refusePath(this.#path, reason);
  }

  #refuseLeaving(): never {
    return refusePath(this.#path, this.#root.leaving);
  }
}

async function readLink(folder: HeldFolder, name: string): Promise<string | undefined> {
  try {
    return await folder.use(name, (path) => readlink(path));
  } catch (error) {
    // EINVAL is what a file that is no link answers; Windows says UNKNOWN for some.
    if (['EINVAL', 'ENOENT', 'ENOTDIR', undefined].includes(systemCodeOf(error))) return undefined;
    throw error;
  }
}
