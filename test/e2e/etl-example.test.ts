/** The example of resources/examples/etl, run as its first line says: a shell, the command on the PATH, a host. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runShell } from '../support/run-shell.ts';

const script = join(import.meta.dirname, '..', '..', 'resources', 'examples', 'etl', 'run.sh');

it('extracts, transforms and loads a CSV file into a database of the worktree, and queries it', async () => {
  const { code, stdout, stderr } = await runShell(`"${script}"`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const results = stdout.split('\n').flatMap((line) => /^Result: (.*)/.exec(line)?.[1] ?? []);
  expect(results.map((result) => JSON.parse(result).json)).toEqual([
    2922,
    2922,
    2922,
    [
      // As awk sums the same file.
      { city: 'New York', days: 1461, rain_mm: 4179, hottest_c: 37.8 },
      { city: 'Seattle', days: 1461, rain_mm: 4426, hottest_c: 35.6 },
    ],
  ]);
  expect(stdout).toMatch(/^The database is in .*weather\.db$/m);
});
