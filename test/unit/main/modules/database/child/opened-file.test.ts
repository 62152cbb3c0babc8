import { closeSync, openSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkOpened } from '#main/modules/database/child/opened-file';
import { temporaryFolder } from '../../../../../support/temp-dir.ts';

function openedFile(): { file: string; identity: { dev: bigint; ino: bigint } } {
  const file = join(temporaryFolder(), 'a.db');
  const opened = openSync(file, 'w');
  onTestFinished(() => closeSync(opened));
  return { file, identity: statSync(file, { bigint: true }) };
}

test('lets pass what was checked, and what is new', () => {
  const { file, identity } = openedFile();
  checkOpened({ file, identity });
  checkOpened({ file });
});

test('refuses another file of the same name', () => {
  const { file, identity } = openedFile();
  expect(() => checkOpened({ file, identity: { ...identity, ino: identity.ino + 1n } })).toThrow('changed');
});

test('refuses what was opened through a link that was not there before', () => {
  const { file } = openedFile();
  const outside = `${file}.outside`;
  renameSync(file, outside);
  symlinkSync(outside, file);
  expect(() => checkOpened({ file })).toThrow('changed');
});

test('refuses a file that is not open', () => {
  const file = join(temporaryFolder(), 'b.db');
  writeFileSync(file, '');
  if (process.platform === 'linux') expect(() => checkOpened({ file })).toThrow('changed');
});
