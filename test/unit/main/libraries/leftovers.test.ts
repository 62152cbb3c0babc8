import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { draftName, sweepLeftovers } from '#main/libraries/leftovers';
import { temporaryFolder } from '../../../support/temp-dir.ts';

/** Of a process that has been, and is no more. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

const draftOf = (pid: number, name: string) => draftName(name).replace(`.${process.pid}.`, `.${pid}.`);

it('removes files and folders of a process that is gone, and nothing else', async () => {
  const folder = temporaryFolder();
  const own = draftName('own.js');
  const foreign = draftOf(process.ppid, 'foreign.js');
  for (const name of [own, foreign, draftOf(deadPid(), 'left.js'), 'some.tmp', 'a-1.0.0.js']) {
    writeFileSync(join(folder, name), '');
  }
  mkdirSync(join(folder, draftOf(deadPid(), 'left'), 'inside'), { recursive: true });
  await sweepLeftovers(folder);
  expect(readdirSync(folder).sort()).toEqual([own, foreign, 'some.tmp', 'a-1.0.0.js'].sort());
});

it('leaves alone what begins otherwise', async () => {
  const folder = temporaryFolder();
  const other = draftOf(deadPid(), 'other');
  writeFileSync(join(folder, other), '');
  writeFileSync(join(folder, draftOf(deadPid(), 'ours')), '');
  await sweepLeftovers(folder, 'ours');
  expect(readdirSync(folder)).toEqual([other]);
});

it('minds no folder that is not there', async () => {
  await expect(sweepLeftovers(join(temporaryFolder(), 'nowhere'))).resolves.toBeUndefined();
});
