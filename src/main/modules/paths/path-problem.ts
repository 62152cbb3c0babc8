/**
 * The two ways in which a path fails: the confinement refuses it (INVALID_PATH, the same words whether or not there is
 * anything outside), or the file system says no, with its own code such as ENOENT.
 */
import { constants } from 'node:os';
import { VmError } from '#core/vm-error';

export function refusePath(path: string, reason: string, what = 'path'): never {
  throw new VmError('INVALID_PATH', `The ${what} ${JSON.stringify(path)} cannot be used: ${reason}.`, {
    details: { path, reason },
  });
}

const changedReason = 'it is a link that leads nowhere, or it changed while it was opened';

/** The code of a failed system call, such as `ENOENT`. Undefined for every other error. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code in constants.errno ? error.code : undefined;
}

/** What the system would have thrown, where it need not be asked. */
export function systemError(code: keyof typeof constants.errno): Error {
  return Object.assign(new Error(code), { code, errno: -constants.errno[code] });
}

/** What stands in the way of reading a path, in the words of a refusal. */
export function reasonOf(error: unknown): string {
  const code = systemCodeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'ELOOP') return changedReason;
  return error instanceof Error ? error.message : String(error);
}
