/** What a host that was killed leaves running, and what the next one may end of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { CommandHost } from '#main/modules/exec/command-host';
import { startOf } from '#main/modules/exec/linux-processes';
import { becomeLiving, living, newSleepTime } from '../../support/living-processes.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';

const fixture = fileURLToPath(new URL('./killed-host.fixture.ts', import.meta.url));

test('ends what a killed host left, and forgets it', async () => {
  const runDirectory = temporaryFolder();
  const sleepTime = newSleepTime();
  const killed = spawn(process.execPath, [fixture, runDirectory, sleepTime], { stdio: 'ignore' });
  await becomeLiving(sleepTime, 2);
  const ledger = await readLedger(runDirectory);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect(living(sleepTime)).toHaveLength(2);

  await new CommandHost(runDirectory).endLeftCommands();
  await expect.poll(() => living(sleepTime)).toEqual([]);
  expect(readdirSync(runDirectory)).toEqual([]);
  expect(existsSync(ledger.folder)).toBe(false);
});

test('leaves a host alone that lives, and every process that began at another time', async () => {
  const runDirectory = temporaryFolder();
  const innocent = spawn('sleep', [newSleepTime()], { detached: true, stdio: 'ignore' });
  onTestFinished(() => {
    innocent.kill('SIGKILL');
  });
  const pid = innocent.pid ?? 0;
  const write = (name: string, content: unknown) => writeFileSync(join(runDirectory, name), JSON.stringify(content));
  mkdirSync(runDirectory, { recursive: true });
  const self = { pid: process.pid, started: await startOf(process.pid) };
  const left = { pid, started: await startOf(pid) };
  const folder = join(runDirectory, 'none');
  write('commands-1.json', { host: self, folder, commands: [left] });
  write('commands-2.json', { host: { ...self, started: '1' }, folder, commands: [{ pid, started: '1' }] });
  writeFileSync(join(runDirectory, 'commands-3.json'), 'no ledger');

  await new CommandHost(runDirectory).endLeftCommands();
  expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
  expect(readdirSync(runDirectory)).toEqual(['commands-1.json']);

  write('commands-2.json', { host: { ...self, started: '1' }, folder, commands: [left] });
  const ended = once(innocent, 'exit');
  await new CommandHost(runDirectory).endLeftCommands();
  expect(await ended).toEqual([null, 'SIGKILL']);
});

/** The ledger once it knows of a command. */
async function readLedger(runDirectory: string): Promise<{ folder: string }> {
  const read = () =>
    readdirSync(runDirectory).flatMap((name) => (name.endsWith('.json') ? join(runDirectory, name) : []));
  await expect.poll(() => read().map((path) => JSON.parse(readFileSync(path, 'utf8')).commands.length)).toEqual([1]);
  const [path = ''] = read();
  return JSON.parse(readFileSync(path, 'utf8'));
}
