/**
 * A folder that paths are confined to: a worktree, or one more folder that a template grants. Its real path and identity
 * are taken once; every call makes sure that the path still leads to that very folder.
 */
import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { type HeldFolder, type HoldFolder, holdFolder } from './held-folder.ts';
import { type Identity, isSame } from './identity.ts';
import { reasonOf, refusePath } from './path-problem.ts';
import { toSlashes } from './path-text.ts';

export interface PinOptions {
  readonly label?: string;
  readonly leaving?: string;
  readonly hold?: HoldFolder;
}

export class Root {
  readonly realPath: string;
  /** As refusals call it: `the worktree`. */
  readonly label: string;
  /** What refusals say of a path that leads out of it. */
  readonly leaving: string;
  readonly #names: readonly string[];
  readonly #identity: Identity;
  readonly #holdFolder: HoldFolder;

  private constructor(pinned: {
    names: readonly [string, string];
    identity: Identity;
    label: string;
    leaving: string;
    hold: HoldFolder;
  }) {
    this.realPath = pinned.names[0];
    this.#names = pinned.names.map((name) => toSlashes(name));
    this.#identity = pinned.identity;
    this.label = pinned.label;
    this.leaving = pinned.leaving;
    this.#holdFolder = pinned.hold;
  }

  /** Rejects with INVALID_PATH where the path is not absolute, or no folder. */
  static async pin(path: string, options: PinOptions = {}): Promise<Root> {
    const { label = 'worktree', leaving = `it leaves the ${label}`, hold = holdFolder } = options;
    if (path.includes('\0')) refusePath(path, 'it contains a NUL character', label);
    if (!isAbsolute(path)) refusePath(path, 'it is not absolute', label);
    try {
      const real = await realpath(path);
      const found = await stat(real, { bigint: true });
      if (found.isDirectory()) return new Root({ names: [real, resolve(path)], identity: found, label, leaving, hold });
    } catch (error) {
      refusePath(path, reasonOf(error), label);
    }
    return refusePath(path, 'it is not a folder', label);
  }

  /** The caller closes it. */
  async hold(): Promise<HeldFolder> {
    const folder = await this.#holdFolder(this.realPath).catch(() => undefined);
    if (folder !== undefined && isSame(await folder.identify(), this.#identity)) return folder;
    await folder?.close();
    return refusePath(this.realPath, 'another folder is in its place since the session began', this.label);
  }

  /** The part of an absolute path with slashes beneath this folder, by the names it was given. Looks at no file. */
  relativeByName(path: string): string | undefined {
    const name = this.#names.find((one) => path === one || path.startsWith(one.endsWith('/') ? one : `${one}/`));
    return name === undefined ? undefined : path.slice(name.length);
  }

  /**
   * The same for the target of a link, by whichever name the root goes in it (a folder above may be a link). Whatever is
   * looked at outside, the answer to the caller is the same refusal.
   */
  async relativeOf(target: string): Promise<string | undefined> {
    for (let ancestor = target; ; ancestor = dirname(ancestor)) {
      if ((await realpath(ancestor).catch(() => undefined)) === this.realPath) return relative(ancestor, target);
      if (dirname(ancestor) === ancestor) return undefined;
    }
  }
}
