/**
 * A folder that is held while something is done to what is directly in it. This is what Node lacks of `openat`: on Linux
 * a child is named through the open folder itself, so that a folder above that is swapped for a link changes nothing.
 * Elsewhere the folder's path is looked at before and after: what changed in between is refused.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Identity, isSame } from './identity.ts';
import { systemError } from './path-problem.ts';

export interface HeldFolder {
  identify(): Promise<Identity>;
  /** Holds a folder in this one. Rejects with ENOTDIR for a link and for what is no folder. */
  enter(name: string): Promise<HeldFolder>;
  /** Opens a child that is no link; a FIFO does not block it, and a terminal does not become ours. */
  open(name: string, flags: number, mode?: number): Promise<FileHandle>;
  /** Does something by a path of a child, or of the folder itself by `.`. The path is good only until it is done. */
  use<Result>(name: string, action: (path: string) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export type HoldFolder = (path: string) => Promise<HeldFolder>;

/** Holds a folder by its real path. */
export const holdFolder: HoldFolder = (path) =>
  process.platform === 'linux' ? holdByDescriptor(path) : holdByComparison(path);

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const fileFlags = constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW;

export async function holdByDescriptor(path: string): Promise<HeldFolder> {
  const handle = await open(path, folderFlags);
  const at = (name: string) => `/proc/self/fd/${handle.fd}/${name}`;
  return {
    identify: () => handle.stat({ bigint: true }),
    enter: (name) => holdByDescriptor(at(name)),
    open: (name, flags, mode) => open(at(name), flags | fileFlags, mode),
    use: (name, action) => action(at(name)),
    close: () => handle.close(),
  };
}

export async function holdByComparison(path: string): Promise<HeldFolder> {
  const found = await lstat(path, { bigint: true });
  if (!found.isDirectory()) throw systemError('ENOTDIR');
  const folder = new ComparedFolder(path, found);
  await folder.use('.', async () => undefined);
  return folder;
}

class ComparedFolder implements HeldFolder {
  readonly #path: string;
  readonly #identity: Identity;

  constructor(path: string, identity: Identity) {
    this.#path = path;
    this.#identity = identity;
  }

  async identify(): Promise<Identity> {
    return this.#identity;
  }

  async enter(name: string): Promise<HeldFolder> {
    if (name === '.') return holdByComparison(this.#path);
    return this.use(name, async (path) => {
      if (!(await lstat(path)).isDirectory()) throw systemError('ENOTDIR');
      const real = await realpath(path);
      // The case of a name may differ; a short name of Windows may not.
      if (dirname(real) !== this.#path || !isSameName(basename(real), basename(path))) throw systemError('ENOTDIR');
      return holdByComparison(real);
    });
  }

  async open(name: string, flags: number, mode?: number): Promise<FileHandle> {
    const file = await this.use(name, (path) => open(path, flags | fileFlags, mode));
    try {
      const opened = await file.stat({ bigint: true });
      const named = await this.use(name, (path) => lstat(path, { bigint: true }));
      if (isSame(opened, named)) return file;
      throw systemError('ELOOP');
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async use<Result>(name: string, action: (path: string) => Promise<Result>): Promise<Result> {
    await this.#confirm();
    const result = await action(join(this.#path, name));
    await this.#confirm();
    return result;
  }

  async close(): Promise<void> {}

  async #confirm(): Promise<void> {
    const [real, identity] = await Promise.all([realpath(this.#path), lstat(this.#path, { bigint: true })]);
    if (real !== this.#path || !isSame(identity, this.#identity)) throw systemError('ELOOP');
  }
}

function isSameName(one: string, other: string): boolean {
  return one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();
}
