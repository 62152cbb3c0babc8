/** Reads the code argument of `exec repl`: the text itself, or standard input for `-`. */
import { buffer } from 'node:stream/consumers';
import { CliError } from './cli-error.ts';
import type { CliProcess } from './cli-process.ts';

export async function readCode(argument: string, { stdin }: CliProcess): Promise<string> {
  if (argument !== '-') return argument;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await buffer(stdin));
  } catch (cause) {
    throw new CliError('USAGE', 'Standard input could not be read as UTF-8 text.', { cause });
  }
}
