/**
 * JSON that an option gives as it stands, as `@FILE`, or as `-` for standard input. What stands on the command line is
 * checked while that is parsed; what lies elsewhere is read when the command runs, because parsing does not wait.
 */
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { CliError } from '../cli-error.ts';
import type { CliProcess } from '../cli-process.ts';
import { readStandardInput, readTextFile } from '../read-text.ts';

/** Gets the value at last. */
export type JsonSource<Value> = (process: CliProcess) => Promise<Value>;

/** Makes the parser of a flag from what reads its JSON. */
export function jsonSource<Value>(
  flag: string,
  read: (text: string) => Value,
): (argument: string) => JsonSource<Value> {
  return (argument) => {
    if (argument === '-') {
      return (process) => readFrom(`${flag} from standard input`, readStandardInput(process), read);
    }
    if (argument.startsWith('@')) return fileSource(flag, argument.slice(1), read);
    const value = read(argument);
    return () => Promise.resolve(value);
  };
}

function fileSource<Value>(flag: string, file: string, read: (text: string) => Value): JsonSource<Value> {
  if (file === '') throw new InvalidArgumentError('It must name a file, such as @data.json.');
  return ({ workingFolder }) => readFrom(`${flag} from ${file}`, readTextFile(resolve(workingFolder, file)), read);
}

async function readFrom<Value>(origin: string, text: Promise<string>, read: (text: string) => Value): Promise<Value> {
  try {
    return read(await text);
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError)) throw cause;
    throw new CliError('USAGE', `${origin}: ${cause.message}`, { cause });
  }
}
