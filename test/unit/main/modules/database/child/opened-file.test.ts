import { closeSync, linkSync, openSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkInPlace, checkOpened } from '#main/modules/database/child/opened-file';
import { temporaryFolder } from '../../../../../support/temp-dir.ts';

function openedFile(): { file: string; identity: { dev: bigint; ino: bigint } } {
  const file = join(temporaryFolder(), 'a.db');
  const opened = openSync(file, 'w');
  onTestFinished(() => closeSync(opened));
  return { file, identity: statSync(file, { bigint: true }) };
}

test('lets pass what was checked', () => {
  const checked = openedFile();
  checkOpened(checked);
  checkInPlace(checked);
});

test('refuses another file of the same name', () => {
  const { file, identity } = openedFile();
  expect(() => checkOpened({ file, identity: { ...identity, ino: identity.ino + 1n } })).toThrow('changed');
});

test('refuses what was opened through a link that was not there before', () => {
  const { file, identity } = openedFile();
  const outside = `${file}.outside`;
  renameSync(file, outside);
  symlinkSync(outside, file);
  expect(() => checkOpened({ file, identity })).toThrow('changed');
  expect(() => checkInPlace({ file, identity })).toThrow('changed');
});

test('refuses a file that is not open', () => {
  const file = join(temporaryFolder(), 'b.db');
  writeFileSync(file, '');
  const identity = statSync(file, { bigint: true });
  if (process.platform === 'linux') expect(() => checkOpened({ file, identity })).toThrow('changed');
});

test.each(['-journal', '-wal', '-shm'])('refuses what has a %s for another name', (ending) => {
  const checked = openedFile();
  const beside = checked.file + ending;
  writeFileSync(beside, '');
  checkInPlace(checked);
  linkSync(beside, `${checked.file}.outside`);
  expect(() => checkInPlace(checked)).toThrow(ending);
});
