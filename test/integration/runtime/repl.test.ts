/** The language of the REPL, cell by cell, and what Node's own REPL says to the same cells. */
import { describe, expect, it } from 'vitest';
import type { Runtime } from '#core/ports';
import { freshRuntimes } from '../../support/fresh-runtime.ts';
import { type FinishedRun, runCode } from '../../support/run-code.ts';
import { askNode } from './node-repl.ts';
import { replCases } from './repl-cases.ts';

const { runtime } = freshRuntimes({ wall_ms: 10_000, cpu_ms: 5_000 });

describe('cells', () => {
  it.each(replCases)('$title', async ({ cells, node }) => {
    const expected = cells.map(([, answer]) => answer);
    const sources = cells.map(([code]) => code);
    expect(beginnings(await ask(runtime(), sources), expected)).toEqual(expected);
    if (node) expect(beginnings(await askNode(sources), expected)).toEqual(expected);
  });
});

async function ask(session: Runtime, cells: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const [index, cell] of cells.entries()) {
    answers.push(answerOf(await runCode(session, cell, { fileName: `cell ${index + 1}` })));
  }
  return answers;
}

function answerOf({ end }: FinishedRun): string {
  if (end.kind === 'value') return end.value.preview;
  return `! ${end.kind === 'exception' ? end.exception.message : end.kind}`;
}

/** Answers that are errors, cut to what is expected of them. */
function beginnings(answers: readonly string[], expected: readonly string[]): string[] {
  return answers.map((answer, index) => (answer.startsWith('! ') ? answer.slice(0, expected[index]?.length) : answer));
}
