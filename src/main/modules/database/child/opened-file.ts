/**
 * Makes sure that SQLite opened what the host had checked: it opens by path, and in between a folder on the way may have
 * become a link, or the file another one.
 */
import { readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import type { OpenOrder } from '../protocol.ts';
import { Refusal } from './refusal.ts';

type CheckedFile = Pick<OpenOrder, 'file' | 'identity'>;

export function checkOpened({ file, identity }: CheckedFile): void {
  const opened = process.platform === 'linux' ? descriptorOf(file) : realFile(file);
  if (opened !== undefined && isSame(opened, identity)) return;
  throw new Refusal('The file changed while it was opened; try again', { code: 'INVALID_PATH' });
}

/** The path by which the kernel knows an open file. */
function descriptorOf(file: string): string | undefined {
  const folder = '/proc/self/fd';
  return readdirSync(folder)
    .map((name) => `${folder}/${name}`)
    .find((descriptor) => linkOf(descriptor) === file);
}

function linkOf(descriptor: string): string | undefined {
  try {
    return readlinkSync(descriptor);
  } catch {
    // The one by which the folder was listed is closed again.
    return undefined;
  }
}

function realFile(file: string): string | undefined {
  return realpathSync.native(file) === file ? file : undefined;
}

/** A new file is any file: it was not there when the host looked. */
function isSame(path: string, identity: CheckedFile['identity']): boolean {
  if (identity === undefined) return true;
  const { dev, ino } = statSync(path, { bigint: true });
  return dev === identity.dev && ino === identity.ino;
}
