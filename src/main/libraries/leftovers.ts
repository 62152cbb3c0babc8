/**
 * Names for what is not finished yet, and the removal of what a process left behind that was killed over it. The name
 * tells whose it is, so that nobody takes away what another process is still at.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const pattern = /\.(?<pid>\d+)\.[0-9a-f-]{36}\.tmp$/;

export function draftName(name: string): string {
  return `${name}.${process.pid}.${randomUUID()}.tmp`;
}

/** Removes drafts whose name begins with `prefix` and whose process is gone. What cannot be removed is left. */
export async function sweepLeftovers(folder: string, prefix = ''): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.startsWith(prefix) && isLeft(name));
  await Promise.allSettled(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

function isLeft(name: string): boolean {
  const pid = Number(pattern.exec(name)?.groups?.pid);
  return Number.isSafeInteger(pid) && pid > 0 && !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
