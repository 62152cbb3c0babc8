/**
 * What a host keeps for itself, and no guest touches, whatever its template grants: it may lie inside a worktree. A file
 * is known by its name in its folder before there is one, because SQLite rolls in whatever journal it finds by name; and
 * by its identity, because it may have other names. A folder is known with everything beneath it.
 */
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { foldName } from './fold-name.ts';
import { type Identity, isSame } from './identity.ts';

export interface ProtectedFolder {
  readonly path: string;
  /** Whether guests may read what is in it. */
  readonly isReadable: boolean;
}

export class ProtectedFiles {
  readonly #files: readonly string[];
  readonly #folders: ProtectedFolder[];

  constructor(files: readonly string[] = [], folders: readonly ProtectedFolder[] = []) {
    this.#files = [...files];
    this.#folders = [...folders];
  }

  /** Adds a folder whose name is known late. */
  addFolder(folder: ProtectedFolder): void {
    this.#folders.push(folder);
  }

  /** Where all of it is at this moment: the host's files come and go. */
  async look(): Promise<ProtectedPlaces> {
    const [names, links, folders] = await Promise.all([
      placesOf(this.#paths),
      linksOnTheWay(this.#paths),
      Promise.all(this.#folders.map(findFolder)),
    ]);
    return new ProtectedPlaces([...names, ...links], folders.flat());
  }

  /** Whether a file is one of them, by whichever name. */
  async includes(file: Identity): Promise<boolean> {
    const found = await Promise.all(this.#files.map(identityOf));
    return found.some((identity) => identity !== undefined && isSame(identity, file));
  }

  /** Whether one of them lies beneath this folder, so that it cannot be moved either. */
  async areBeneath(folder: Identity): Promise<boolean> {
    const found = await Promise.all(this.#paths.map((path) => hasAncestor(path, folder)));
    return found.includes(true);
  }

  get #paths(): readonly string[] {
    return [...this.#files, ...this.#folders.map(({ path }) => path)];
  }
}

interface NameIn {
  readonly folder: Identity;
  readonly name: string;
}

interface FoundFolder {
  readonly identity: Identity;
  readonly realPath: string;
  readonly isReadable: boolean;
}

export class ProtectedPlaces {
  readonly #names: readonly NameIn[];
  readonly #folders: readonly FoundFolder[];

  constructor(names: readonly NameIn[], folders: readonly FoundFolder[]) {
    this.#names = names;
    this.#folders = folders;
  }

  /** Whether nothing may be made, changed or moved under this name. */
  hasName(folder: Identity, name: string): boolean {
    const folded = foldName(name);
    return this.#names.some((one) => one.name === folded && isSame(one.folder, folder));
  }

  /** Whether a folder is one of them. `forWriting` counts those too that may be read. */
  hasFolder(folder: Identity, forWriting: boolean): boolean {
    return this.#folders.some((one) => (forWriting || !one.isReadable) && isSame(one.identity, folder));
  }

  /** The same for a folder that somebody starts from, which may lie deeper. */
  covers(realPath: string, forWriting: boolean): boolean {
    return this.#folders.some((one) => (forWriting || !one.isReadable) && `${realPath}${sep}`.startsWith(one.realPath));
  }
}

/** Each path by the innermost folder that exists, and the name in it that leads on to the path. */
async function placesOf(paths: readonly string[]): Promise<NameIn[]> {
  const folders = new Map<string, Promise<Identity | undefined>>();
  const lookOnce = (path: string) => {
    const looked = folders.get(path) ?? identityOf(path);
    folders.set(path, looked);
    return looked;
  };
  const places = paths.map(async (path) => {
    for (let at = path; at !== dirname(at); at = dirname(at)) {
      const folder = await lookOnce(dirname(at));
      if (folder !== undefined) return [{ folder, name: foldName(basename(at)) }];
    }
    return [];
  });
  return (await Promise.all(places)).flat();
}

/**
 * The links by which the paths lead, themselves and through other links: who could put another in the place of one would
 * give the host another store when it starts again.
 */
async function linksOnTheWay(paths: readonly string[]): Promise<NameIn[]> {
  const seen = new Set<string>();
  const links: NameIn[] = [];
  const follow = async (path: string): Promise<void> => {
    for (let at = path; at !== dirname(at) && !seen.has(at); at = dirname(at)) {
      seen.add(at);
      const target = await readlink(at).catch(() => undefined);
      if (target === undefined) continue;
      const folder = await identityOf(dirname(at));
      if (folder !== undefined) links.push({ folder, name: foldName(basename(at)) });
      await follow(resolve(dirname(at), target));
    }
  };
  for (const path of paths) await follow(path);
  return links;
}

async function findFolder({ path, isReadable }: ProtectedFolder): Promise<FoundFolder[]> {
  const [identity, real] = await Promise.all([identityOf(path), realpath(path).catch(() => undefined)]);
  return identity === undefined || real === undefined ? [] : [{ identity, realPath: `${real}${sep}`, isReadable }];
}

function identityOf(path: string): Promise<Identity | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined);
}

async function hasAncestor(path: string, folder: Identity): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined);
  for (let at = real; at !== undefined && at !== dirname(at); at = dirname(at)) {
    const identity = await lstat(dirname(at), { bigint: true }).catch(() => undefined);
    if (identity !== undefined && isSame(identity, folder)) return true;
  }
  return false;
}
