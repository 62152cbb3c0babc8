/** Which file something is, whatever it is called: a path can come to mean another file, an identity cannot. */
import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
}

export function isSame(one: Identity, other: Identity): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** The host's own files, which no guest touches, whatever its template grants: they may lie inside a worktree. */
export class ProtectedFiles {
  readonly #paths: string[];

  constructor(paths: readonly string[] = []) {
    this.#paths = [...paths];
  }

  /** Adds a file whose name is known late. */
  add(path: string): void {
    this.#paths.push(path);
  }

  /** Asked anew each time: the host's files come and go. */
  async includes(file: Identity): Promise<boolean> {
    const identities = await Promise.all(
      this.#paths.map((path) => stat(path, { bigint: true }).catch(() => undefined)),
    );
    return identities.some((identity) => identity !== undefined && isSame(identity, file));
  }

  /** Whether one of them lies beneath this folder, so that it cannot be moved either. */
  async areBeneath(folder: Identity): Promise<boolean> {
    const found = await Promise.all(this.#paths.map((path) => hasAncestor(path, folder)));
    return found.includes(true);
  }
}

async function hasAncestor(path: string, folder: Identity): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined);
  for (let at = real; at !== undefined && at !== dirname(at); at = dirname(at)) {
    const identity = await lstat(dirname(at), { bigint: true }).catch(() => undefined);
    if (identity !== undefined && isSame(identity, folder)) return true;
  }
  return false;
}
