/** Node's own REPL, asked cell by cell: what it would print, without its prompt. */

import { start } from 'node:repl';
import { PassThrough } from 'node:stream';
import { inspect } from 'node:util';

/** The answers of one REPL to the cells, as `repl-cases` writes them. */
export async function askNode(cells: readonly string[]): Promise<string[]> {
  let onThrown: (error: unknown) => void = () => undefined;
  const server = start({
    prompt: '',
    input: new PassThrough(),
    output: new PassThrough().resume(),
    terminal: false,
    // Values are not printed here, so that only what was thrown is to be written.
    writer: (error) => {
      onThrown(error);
      return '';
    },
  });
  const answerTo = (cell: string) =>
    new Promise<string>((resolve) => {
      onThrown = (error) => resolve(`! ${textOf(error)}`);
      server.eval(`${cell}\n`, server.context, 'node', (error: unknown, value: unknown) => {
        if (error !== null && error !== undefined) onThrown(error);
        else resolve(typeof value === 'string' ? value : inspect(value));
      });
    });
  const answers: string[] = [];
  for (const cell of cells) answers.push(await answerTo(cell));
  server.close();
  return answers;
}

/** The REPL wraps an error that more input could mend. */
function textOf(thrown: unknown): string {
  const error: unknown = Object(thrown).err ?? thrown;
  const { name, message } = Object(error);
  return typeof name === 'string' ? `${name}: ${message}` : `Uncaught ${inspect(error)}`;
}
