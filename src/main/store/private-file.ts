/**
 * Files that only the user of this machine may read: code, results and output are nobody else's business. What exists
 * keeps the permissions that its owner gave it. An existing file is never even opened here: closing it again would drop
 * the POSIX locks that SQLite holds on it elsewhere in this process.
 */
import { closeSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { VmError } from '#core/vm-error';

const privateFolder = 0o700;
const privateFile = 0o600;

/** Makes sure that the file is there, and returns its real path, so that two spellings of one file are one. */
export function createPrivateFile(path: string): string {
  const file = resolve(path);
  return withFileErrors(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: privateFolder });
    createUnlessThere(file);
    return realpathSync(file);
  });
}

/** Writes a small file in one step: readers see the old text or the new one, never half of it. */
export function replacePrivateFile(file: string, text: string): void {
  withFileErrors(file, () => {
    const draft = `${file}.${process.pid}`;
    try {
      writeFileSync(draft, text, { mode: privateFile });
      renameSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

function createUnlessThere(file: string): void {
  try {
    closeSync(openSync(file, 'wx', privateFile));
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
  }
}

function withFileErrors<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new VmError(
      'STORE_WRITE_FAILED',
      `Cannot write the file ${file} (${cause.message}). Make room and its folder writable, or choose another database.`,
      { details: { file, reason: cause.code }, cause },
    );
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
