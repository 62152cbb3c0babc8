/**
 * Writes the run file of a host, for this user's eyes only, and takes it away again while it is still ours. It appears
 * whole or not at all: a client must never read half a token.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunFile, runFileName, runFileSchema } from '#shared/run-file';

export interface WrittenRunFile {
  /** Removes the file, unless another host has put its own there. */
  remove(): void;
}

export function writeRunFile(directory: string, host: Omit<RunFile, 'started'>): WrittenRunFile {
  const content: RunFile = { ...host, started: new Date().toISOString() };
  const path = join(directory, runFileName(host.port));
  const draft = `${path}.${host.pid}.tmp`;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // A folder that was there before may be open to others.
  chmodSync(directory, 0o700);
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, path);
  return { remove: () => removeOwn({ directory, port: host.port, token: host.token }) };
}

/** What the run file of a port says; undefined where there is none or it cannot be understood. */
export function readRunFile(directory: string, port: number): RunFile | undefined {
  try {
    return runFileSchema.parse(JSON.parse(readFileSync(join(directory, runFileName(port)), 'utf8')));
  } catch {
    return undefined;
  }
}

function removeOwn({ directory, port, token }: { directory: string; port: number; token: string }): void {
  if (readRunFile(directory, port)?.token === token) rmSync(join(directory, runFileName(port)), { force: true });
}
