/** A database's process ends with its host, also while it is busy and can read no message. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const fixture = fileURLToPath(new URL('./orphaned-database.fixture.ts', import.meta.url));

test.each(['idle', 'busy'])('a process of a database that is %s ends with its host', async (state) => {
  const host = fork(fixture, [state], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const [pid] = await once(host, 'message');
  expect(isRunning(pid)).toBe(true);
  host.kill('SIGKILL');
  await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
