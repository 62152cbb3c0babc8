/**
 * The only judge of paths. A path of a guest, a template or a client names something inside one folder, the worktree;
 * everything that could leave it is refused with INVALID_PATH. Run-file, startup files, imports and the native modules
 * come here.
 *
 * The rules of the text are in paths/path-text.ts. The check and the use are one: paths/walk.ts enters each folder
 * beneath its parent without following links (paths/held-folder.ts says how), so that a folder that is swapped for a link
 * between look and use is refused instead of followed.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { VmError } from '#core/vm-error';
import type { Identity } from './paths/identity.ts';
import { reasonOf, refusePath, systemCodeOf } from './paths/path-problem.ts';
import { checkGuestPath, checkRelativePath, componentsOf } from './paths/path-text.ts';
import { ProtectedFiles } from './paths/protected-files.ts';
import { lookAtFile, openRegular } from './paths/regular-file.ts';
import { type PinOptions, Root } from './paths/root.ts';
import { atPlace, type Place } from './paths/walk.ts';

export { checkRelativePath };

/** Resolves to the real path of a worktree folder; rejects with INVALID_PATH. */
export async function verifyWorktree(path: string): Promise<string> {
  return (await Root.pin(path)).realPath;
}

/** Opens a regular file of a worktree for reading; rejects with INVALID_PATH or FILE_NOT_FOUND. The caller closes it. */
export async function openFile(
  worktree: string,
  path: string,
  protectedFiles = new ProtectedFiles(),
): Promise<FileHandle> {
  const components = checkRelativePath(path);
  const root = await Root.pin(worktree);
  try {
    return await atPlace({ root, path, components }, { lastLink: 'follow', protectedFiles }, (place) =>
      openRegular(place, { path, flags: constants.O_RDONLY, protectedFiles }),
    );
  } catch (error) {
    return refuseOpen(path, error);
  }
}

/** Tells whether there is a regular file at a path of a worktree; rejects with INVALID_PATH where it could leave it. */
export async function isFile(worktree: string, path: string): Promise<boolean> {
  const components = checkRelativePath(path);
  const root = await Root.pin(worktree);
  try {
    return await atPlace({ root, path, components }, { lastLink: 'follow' }, async ({ folder, name }) =>
      (await folder.use(name, (at) => lstat(at))).isFile(),
    );
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return false;
  }
}

/** What a refusal says of a path that leaves the worktree: the rule of whoever asks. */
type LeavingRule = Pick<PinOptions, 'leaving'>;

interface WritingRules extends LeavingRule {
  readonly protectedFiles?: ProtectedFiles;
  /** What names of files that will be opened too add to this one's. */
  readonly companions?: readonly string[];
  /** Has the file made, empty, where there is none: whoever opens it by its path could make one elsewhere. */
  readonly isMade?: boolean;
}

export interface PlaceForWriting {
  /** The real path: the parent is verified, and no part of it is a link. */
  readonly path: string;
  /** Which file is there; undefined where there is none. Compare it after opening, which goes by path again. */
  readonly identity?: Identity;
}

/** Where a guest's file may be written that the caller opens by itself, such as a database. Rejects with INVALID_PATH. */
export async function resolveForWriting(
  worktree: string,
  path: string,
  { protectedFiles = new ProtectedFiles(), companions = [], isMade = false, ...rule }: WritingRules = {},
): Promise<PlaceForWriting> {
  const root = await Root.pin(worktree, rule);
  const walk = { root, path, components: guestComponents(root, path) };
  return atPlace(walk, { lastLink: 'follow', forWriting: true, protectedFiles }, async (place) => {
    const real = join(root.realPath, ...place.names);
    const look = (ending = '') => {
      const file = { ...place, name: place.name + ending };
      return lookAtFile(file, { path: path + ending, protectedFiles, forWriting: true });
    };
    const found = await look();
    await Promise.all(companions.map(look));
    const identity = found ?? (isMade ? await makeEmpty(place) : undefined);
    return identity === undefined ? { path: real } : { path: real, identity };
  }).catch((error) => refuseOpen(path, error));
}

/** The real path of a guest's folder inside the worktree, such as a command's working directory. */
export async function resolveFolder(worktree: string, path: string, rule: LeavingRule = {}): Promise<string> {
  const root = await Root.pin(worktree, rule);
  const walk = { root, path, components: guestComponents(root, path) };
  return atPlace(walk, { lastLink: 'follow' }, async ({ folder, name, names }) => {
    await (await folder.enter(name)).close();
    return join(root.realPath, ...names);
  }).catch((error) => refuseOpen(path, error));
}

async function makeEmpty({ folder, name }: Place): Promise<Identity> {
  const file = await folder.open(name, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o666);
  try {
    return await file.stat({ bigint: true });
  } finally {
    await file.close();
  }
}

function guestComponents(root: Root, path: string): readonly string[] {
  const slashed = checkGuestPath(path);
  if (!isAbsolute(slashed)) return componentsOf(slashed);
  return componentsOf(root.relativeByName(slashed) ?? refusePath(path, root.leaving));
}

function refuseOpen(path: string, error: unknown): never {
  const code = systemCodeOf(error);
  if (code === undefined) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    throw new VmError('FILE_NOT_FOUND', `There is no file "${path}" in the worktree.`, { details: { path } });
  }
  return refusePath(path, reasonOf(error));
}
