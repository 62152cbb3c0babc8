/** Starts the CLI as a process of its own, as it is built, with a home folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { builtCli } from '../../support/built-entries.ts';

const root = join(import.meta.dirname, '..', '..', '..');

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliStart {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly workingFolder?: string;
}

export function startCli({ words, env = {}, workingFolder }: CliStart) {
  const options = { env: { ...baseEnvironment(), ...env }, cwd: workingFolder ?? root };
  return spawn(process.execPath, [builtCli, ...words], options);
}

export async function runCliProcess(start: CliStart): Promise<CliRun> {
  const child = startCli(start);
  child.stdin.end(start.stdin ?? '');
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

/** No home folder: a run file of the developer's own host must not take part in a test. */
function baseEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: '/nonexistent', VM_SYSTEM_HOME: '/nonexistent' };
}
