/**
 * Regular files at a place that a walk has led to. Each is looked at before it is opened: opening a device does things,
 * and closing a file of SQLite drops the locks that the host holds on it. Afterwards it must be the one that was seen.
 */
import type { BigIntStats } from 'node:fs';
import { type FileHandle, lstat } from 'node:fs/promises';
import { isSame } from './identity.ts';
import { refusePath, systemCodeOf, systemError } from './path-problem.ts';
import type { ProtectedFiles } from './protected-files.ts';
import type { Place } from './walk.ts';

export interface FileRules {
  /** The path as it was given, for refusals. */
  readonly path: string;
  readonly protectedFiles: ProtectedFiles;
  readonly forWriting?: boolean;
}

/** Undefined where there is nothing; rejects with EISDIR or INVALID_PATH for what is no file to be used. */
export async function lookAtFile(place: Place, rules: FileRules): Promise<BigIntStats | undefined> {
  const found = await lookAt(place);
  if (found === undefined) return undefined;
  if (found.isDirectory()) throw systemError('EISDIR');
  if (!found.isFile()) refusePath(rules.path, 'it is not a regular file');
  if (rules.forWriting && found.nlink > 1n) refusePath(rules.path, 'it is a hard link: it has other names');
  if (await rules.protectedFiles.includes(found)) refusePath(rules.path, "it is the host's own file");
  return found;
}

/** Opens a file that is there; the caller closes it. */
export async function openRegular(place: Place, rules: FileRules & { readonly flags: number }): Promise<FileHandle> {
  const seen = await lookAtFile(place, rules);
  if (seen === undefined) throw systemError('ENOENT');
  const file = await place.folder.open(place.name, rules.flags);
  try {
    const opened = await file.stat({ bigint: true });
    if (isSame(opened, seen) && !(rules.forWriting && opened.nlink > 1n)) return file;
    throw systemError('ELOOP');
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** What is at a place, itself and not where it links to; undefined where there is nothing. */
export async function lookAt({ folder, name }: Place): Promise<BigIntStats | undefined> {
  try {
    return await folder.use(name, (path) => lstat(path, { bigint: true }));
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
