/** What "npm start" makes of its options, before anything is built or started. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'start.mjs');

function start(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...words], {
    encoding: 'utf8',
    timeout: 15_000,
  });
  return { status, stdout, stderr };
}

const mistakes: [words: string[], sentence: string][] = [
  [['--port', '4000'], `Unknown option '--port'.`],
  [['4000'], `Unexpected argument '4000'.`],
  [['--listen'], `Option '--listen <value>' argument missing.`],
  [['--access', 'nobody'], '--access is "nobody", but it must be compat or token.'],
  [['--log-level', 'loud'], '--log-level is "loud", but it must be debug, info, warn or error.'],
  [['--max-live', '0'], '--max-live is "0", but it must be a whole number of at least 1.'],
  [['--listen', 'here'], '--listen is "here", but it must be HOST:PORT, such as 127.0.0.1:3210.'],
];
it.for(mistakes)('%j is a mistake that one sentence explains', ([words, sentence]) => {
  const stderr = `Error: ${sentence} See "npm start -- --help". (USAGE)\n`;
  expect(start(...words)).toEqual({ status: 2, stdout: '', stderr });
});

it('prints its options for --help', () => {
  const { status, stdout, stderr } = start('--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const option of ['--listen', '--db', '--access', '--cache-dir', '--log-level', '--max-live']) {
    expect(stdout).toMatch(new RegExp(`^  ${option} `, 'm'));
  }
});
