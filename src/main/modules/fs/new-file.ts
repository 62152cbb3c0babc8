/**
 * Files that appear whole or not at all: written under a name of their own in the folder of their place, then renamed.
 * What stood there before is replaced, never written through, so that no link and no other name of it is reached.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, rename, unlink } from 'node:fs/promises';
import { type FileRules, lookAtFile, openRegular } from '../paths/regular-file.ts';
import type { Place } from '../paths/walk.ts';

export type Fill = (file: FileHandle) => Promise<void>;

const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
const permissionBits = 0o777;

export interface NewFile {
  readonly place: Place;
  readonly rules: FileRules;
  /** For a file that was not there; one that was keeps its own. */
  readonly mode: number;
  /** Rejects with EEXIST where there is something already. */
  readonly isExclusive: boolean;
}

export async function putFile({ place, rules, mode, isExclusive }: NewFile, fill: Fill): Promise<void> {
  if (isExclusive) return createFile(place, mode, fill);
  const replaced = await lookAtFile(place, { ...rules, forWriting: true });
  const ownMode = replaced === undefined ? undefined : await modeIfWritable(place, rules);
  const draft = { ...place, name: `.${randomUUID()}.tmp` };
  await createFile(draft, mode, async (file) => {
    await fill(file);
    if (ownMode !== undefined) await file.chmod(ownMode);
  });
  await renameInside(draft, place.name).catch((error) => discard(draft, error));
}

/** Makes a file that is not there. Nothing of it stays where it cannot be filled. */
export async function createFile(place: Place, mode: number, fill: Fill): Promise<void> {
  const file = await place.folder.open(place.name, createFlags, mode);
  try {
    await fill(file).finally(() => file.close());
  } catch (error) {
    await discard(place, error);
  }
}

/** A rename asks nobody whether the file it replaces may be written, so this does. */
async function modeIfWritable(place: Place, rules: FileRules): Promise<number> {
  const file = await openRegular(place, { ...rules, forWriting: true, flags: constants.O_WRONLY });
  try {
    return (await file.stat()).mode & permissionBits;
  } finally {
    await file.close();
  }
}

function renameInside({ folder, name }: Place, newName: string): Promise<void> {
  return folder.use(name, (from) => folder.use(newName, (to) => rename(from, to)));
}

async function discard({ folder, name }: Place, error: unknown): Promise<never> {
  await folder.use(name, (path) => unlink(path)).catch(() => undefined);
  throw error;
}
