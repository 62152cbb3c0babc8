/** What a host that was killed leaves running, and what the next one may end of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

test('believes no ledger that names a folder which no host made: it stays, with all that is in it', async () => {
  const runDirectory = temporaryFolder();
  const host = { pid: process.pid, started: '1' };
  const nested = join(temporaryFolder(), 'vm-system-notes');
  const other = mkdtempSync(join(dirname(runDirectory), 'notes-'));
  const link = join(dirname(runDirectory), `vm-system-link-${process.pid}`);
  const left = mkdtempSync(join(dirname(runDirectory), 'vm-system-'));
  onTestFinished(() => [other, link, left].forEach((path) => void rmSync(path, { recursive: true, force: true })));
  mkdirSync(nested);
  symlinkSync(nested, link);
  for (const folder of [nested, other]) writeFileSync(join(folder, 'diary'), 'mine');
  for (const [index, folder] of [nested, other, link, left, `${other}/../${basename(nested)}`].entries())
    writeFileSync(join(runDirectory, `commands-${index}.json`), JSON.stringify({ host, folder, commands: [] }));

  await new CommandHost(runDirectory).endLeftCommands();
  expect([nested, other, link].map((folder) => existsSync(join(folder, 'diary')))).toEqual([true, true, true]);
  expect(existsSync(left)).toBe(false);
  expect(readdirSync(runDirectory)).toEqual([]);
});

/** The ledger once it knows of a command. */
async function readLedger(runDirectory: string): Promise<{ folder: string }> {
  const read = () =>
    readdirSync(runDirectory).flatMap((name) => (name.endsWith('.json') ? join(runDirectory, name) : []));
  await expect.poll(() => read().map((path) => JSON.parse(readFileSync(path, 'utf8')).commands.length)).toEqual([1]);
  const [path = ''] = read();
  return JSON.parse(readFileSync(path, 'utf8'));
}
