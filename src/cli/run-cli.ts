/** Runs one command line from its words to its exit code. Whatever goes wrong is reported here, once. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { exitCodes } from '#shared/contract/error';
import type { CliProcess } from './cli-process.ts';
import { reportFailure } from './error-report.ts';
import { exitCodeOf } from './exit-code.ts';
import { toFailure } from './failure.ts';
import { idHint } from './id-hint.ts';
import { createProgram, type Program } from './program.ts';

export async function runCli(words: readonly string[], process: CliProcess): Promise<number> {
  const program = createProgram({ process, version: await readVersion(process.rootFolder) });
  try {
    await program.command.parseAsync([...words], { from: 'user' });
    return program.cli.exitCode;
  } catch (error) {
    return endOf(error, program);
  }
}

function endOf(error: unknown, { cli, named }: Program): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
  // A group without a command: its help has been printed, and says more than a sentence could.
  if (error instanceof CommanderError && error.code === 'commander.help') return exitCodes.usage;
  const failure = toFailure(error);
  const sink = cli.process.stderr;
  const command = failure.code === 'VALIDATION_ERROR' ? named() : undefined;
  const hint = command && idHint(command);
  reportFailure(failure, { sink, json: cli.options.json === true, color: cli.usesColor(sink), hint });
  return exitCodeOf(failure.code);
}

async function readVersion(rootFolder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(rootFolder, 'package.json'), 'utf8'));
  return String(version);
}
