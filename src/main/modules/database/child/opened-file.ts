/**
 * Makes sure that SQLite works on what the host had checked. It opens by path, the file at once and its journals whenever
 * it needs them, and meanwhile a folder on the way may have become a link, or one of them another file.
 */
import { lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { companions, type OpenOrder } from '../protocol.ts';
import { Refusal } from './refusal.ts';

type CheckedFile = Pick<OpenOrder, 'file' | 'identity'>;

/** Right after opening: nothing may have been read or written. */
export function checkOpened({ file, identity }: CheckedFile): void {
  const opened = process.platform === 'linux' ? descriptorOf(file) : realFile(file);
  if (opened === undefined || !isSame(statSync(opened, { bigint: true }), identity)) refuse();
}

/** Before each statement. */
export function checkInPlace({ file, identity }: CheckedFile): void {
  const found = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  if (found === undefined || !found.isFile() || !isSame(found, identity)) refuse();
  for (const ending of companions) {
    const beside = lstatSync(file + ending, { throwIfNoEntry: false });
    if (beside !== undefined && !(beside.isFile() && beside.nlink === 1)) refuse(ending);
  }
}

function refuse(ending = ''): never {
  const file = ending === '' ? 'file' : `file with the ending "${ending}"`;
  throw new Refusal(`The database's ${file} changed since it was checked; call configure() again`, {
    code: 'INVALID_PATH',
  });
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

function isSame({ dev, ino }: { dev: bigint; ino: bigint }, identity: CheckedFile['identity']): boolean {
  return dev === identity?.dev && ino === identity.ino;
}
