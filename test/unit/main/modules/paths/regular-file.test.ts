/** What was looked at and what was opened have to be one file: here something comes in between, which no race can miss. */
import { constants, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HeldFolder } from '#main/modules/paths/held-folder';
import { holdFolder } from '#main/modules/paths/held-folder';
import { ProtectedFiles } from '#main/modules/paths/protected-files';
import { openRegular } from '#main/modules/paths/regular-file';
import { Root } from '#main/modules/paths/root';
import { temporaryFolder } from '../../../../support/temp-dir.ts';

async function worktree() {
  const path = join(temporaryFolder(), 'work');
  mkdirSync(path);
  for (const name of ['seen', 'other']) writeFileSync(join(path, name), name);
  return { path, root: await Root.pin(path), held: await holdFolder(path) };
}

const rules = { path: 'seen', protectedFiles: new ProtectedFiles(), flags: constants.O_RDONLY };

test('a file that takes the place of the one that was seen is not used', async () => {
  const { path, root, held } = await worktree();
  const folder: HeldFolder = { ...held, open: () => open(join(path, 'other')) };
  const place = { root, folder, name: 'seen', names: ['seen'] };
  await expect(openRegular(place, rules)).rejects.toMatchObject({ code: 'ELOOP' });
  const file = await openRegular({ ...place, folder: held }, rules);
  expect(await file.readFile('utf8')).toBe('seen');
  await file.close();
  await held.close();
});

test('a file that gets another name after it was seen is not written', async () => {
  const { path, root, held } = await worktree();
  const folder: HeldFolder = {
    ...held,
    open: (name, flags) => {
      linkSync(join(path, 'seen'), join(path, 'second-name'));
      return held.open(name, flags);
    },
  };
  const place = { root, folder, name: 'seen', names: ['seen'] };
  const opened = openRegular(place, { ...rules, forWriting: true, flags: constants.O_WRONLY });
  await expect(opened).rejects.toMatchObject({ code: 'ELOOP' });
  await held.close();
});
