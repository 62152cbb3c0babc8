/** Both ways to hold a folder: by its descriptor, as on Linux, and by comparison, as everywhere else. */
import { constants, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type HoldFolder, holdByComparison, holdByDescriptor } from '#main/modules/paths/held-folder';
import { Root } from '#main/modules/paths/root';
import { atPlace } from '#main/modules/paths/walk';
import { temporaryFolder } from '../../../../support/temp-dir.ts';
import { linksOutside, pathsThroughOutside, worktreeWithSecrets } from '../../../../support/worktree-with-secrets.ts';

const failure = (code: string) => expect.objectContaining({ code });

const ways: readonly (readonly [string, HoldFolder])[] = [
  ...(process.platform === 'linux' ? [['by descriptor', holdByDescriptor] as const] : []),
  ['by comparison', holdByComparison],
];

describe.each(ways)('a folder held %s', (_way, hold) => {
  function filled() {
    const root = join(temporaryFolder(), 'root');
    mkdirSync(join(root, 'inner'), { recursive: true });
    mkdirSync(join(root, '..', 'other'));
    writeFileSync(join(root, 'file.txt'), 'text');
    writeFileSync(join(root, '..', 'other', 'file.txt'), 'SECRET');
    symlinkSync('inner', join(root, 'link'));
    symlinkSync('inner', join(root, 'INNER'));
    symlinkSync('file.txt', join(root, 'file-link'));
    return root;
  }

  test('opens what is in it, and enters folders', async () => {
    const folder = await hold(filled());
    const file = await folder.open('file.txt', constants.O_RDONLY);
    expect(await file.readFile('utf8')).toBe('text');
    await file.close();
    for (const name of ['inner', '.']) await (await folder.enter(name)).close();
    expect((await folder.use('.', (path) => lstat(path))).isDirectory()).toBe(true);
    await folder.close();
  });

  test('follows no link, and enters no file', async () => {
    const folder = await hold(filled());
    for (const link of ['link', 'INNER']) await expect(folder.enter(link)).rejects.toEqual(failure('ENOTDIR'));
    await expect(folder.enter('file.txt')).rejects.toEqual(failure('ENOTDIR'));
    await expect(folder.enter('none')).rejects.toEqual(failure('ENOENT'));
    await expect(folder.open('file-link', constants.O_RDONLY)).rejects.toEqual(failure('ELOOP'));
    await folder.close();
  });

  test('never leads to a folder that was put in its place', async () => {
    const root = filled();
    const folder = await hold(root);
    renameSync(root, `${root}-away`);
    symlinkSync('other', root);
    const text = await folder.open('file.txt', constants.O_RDONLY).then(
      async (file) => file.readFile('utf8').finally(() => file.close()),
      (error) => error.code,
    );
    expect(['text', 'ELOOP']).toContain(text);
    await folder.close();
  });

  test('lets no path out of the worktree', async () => {
    const world = worktreeWithSecrets();
    const root = await Root.pin(world.root, { hold });
    for (const path of [...pathsThroughOutside(world), ...linksOutside]) {
      // What the text of a path gives away is refused before there is a walk.
      if (path === '' || /[\\\0]/.test(path) || path.startsWith('/') || path.length > 1024) continue;
      const components = path.split('/').filter((name) => name !== '' && name !== '.');
      const walk = atPlace({ root, path, components }, { lastLink: 'follow' }, async ({ names }) => names);
      await expect(walk, path).rejects.toEqual(failure('INVALID_PATH'));
    }
  });
});
