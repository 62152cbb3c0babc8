/** Refuses what is too large for the guest's heap before any of it is allocated there. The core refuses it first. */
import type { RunRequest } from '#core/ports';
import { maxInputBytes, maxSourceBytes } from '#shared/source-limits';

/** What is wrong with the size of a request, as the message of an error; undefined where nothing is. */
export function sizeProblem({ source, args, env }: RunRequest): string | undefined {
  const sourceBytes = Buffer.byteLength(source);
  if (sourceBytes > maxSourceBytes) {
    return `RangeError: The source has ${sourceBytes} bytes; at most ${maxSourceBytes} can be run at once`;
  }
  const inputBytes = Buffer.byteLength(JSON.stringify([args, env]));
  if (inputBytes <= maxInputBytes) return undefined;
  return `RangeError: args and env have ${inputBytes} bytes together; at most ${maxInputBytes} are allowed`;
}
