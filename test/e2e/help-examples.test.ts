/**
 * The examples of the help, run as they stand: of each topic the blocks marked `sh run`, one after the other in one
 * shell. A comment `# prints: TEXT` says what is printed there, and is checked too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runShell } from '../support/run-shell.ts';

const folder = join(import.meta.dirname, '..', '..', 'resources', 'help');

function runnableBlocks(topic: string): string[] {
  const text = readFileSync(join(folder, topic), 'utf8');
  return [...text.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
}

const topics = readdirSync(folder).filter((topic) => runnableBlocks(topic).length > 0);

describe.each(topics)('the examples of %s', (topic) => {
  it('run, and print what they say', { timeout: 120_000 }, async () => {
    const script = runnableBlocks(topic).join('\n');
    const { code, stdout, stderr } = await runShell(script);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const promised = [...script.matchAll(/# prints: (.*)$/gm)].map(([, text = '']) => text.trim());
    expect(missingInOrder(stdout, promised), stdout).toEqual([]);
  });
});

it('are in every topic that shows what guests and templates can do', () => {
  const expected = ['examples.md', 'modules.md', 'repl.md', 'templates-and-sessions.md'];
  expect(topics).toEqual(expect.arrayContaining(expected));
});

/** The texts that do not come after the ones before them. */
function missingInOrder(output: string, texts: readonly string[]): string[] {
  let from = 0;
  return texts.filter((text) => {
    const at = output.indexOf(text, from);
    if (at >= 0) from = at + text.length;
    return at < 0;
  });
}
