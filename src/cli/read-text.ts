/** Reads text that a command line only points at: standard input, which `-` stands for, or a file. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CliError } from './cli-error.ts';
import type { CliProcess } from './cli-process.ts';

export async function readStandardInput({ stdin }: CliProcess): Promise<string> {
  if (stdin.readableEnded) throw new CliError('USAGE', 'Standard input can be read only once: name a file instead.');
  try {
    return decode(await buffer(stdin));
  } catch (cause) {
    throw new CliError('USAGE', 'Standard input could not be read as UTF-8 text.', { cause });
  }
}

export async function readTextFile(path: string): Promise<string> {
  try {
    return decode(await readFile(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('USAGE', `The file ${path} could not be read as UTF-8 text: ${reason}.`, { cause });
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
