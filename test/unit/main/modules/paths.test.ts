import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { checkRelativePath, openFile, verifyWorktree } from '#main/modules/paths';
import { temporaryFolder } from '../../../support/temp-dir.ts';

const codeOf = (code: string) => expect.objectContaining({ code });

/** A worktree with a file, a folder, and a secret beside it that nothing may reach. */
function worktree() {
  const folder = temporaryFolder();
  const root = join(folder, 'work');
  mkdirSync(join(root, 'inner'), { recursive: true });
  mkdirSync(join(folder, 'work-secret'));
  writeFileSync(join(folder, 'work-secret', 'secret.js'), 'secret');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  writeFileSync(join(root, 'file.js'), 'inside');
  writeFileSync(join(root, 'inner', 'file.js'), 'deeper');
  return { folder, root };
}

async function read(root: string, path: string): Promise<string> {
  const file = await openFile(root, path);
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

describe('paths inside a worktree', () => {
  it.each([
    ['file.js', 'inside'],
    ['./file.js', 'inside'],
    ['inner/file.js', 'deeper'],
    ['inner//file.js', 'deeper'],
    ['inner/./file.js', 'deeper'],
  ])('%s is read', async (path, text) => {
    expect(await read(worktree().root, path)).toBe(text);
  });

  it('follows a link that stays inside', async () => {
    const { root } = worktree();
    symlinkSync('inner/file.js', join(root, 'link.js'));
    symlinkSync('inner', join(root, 'linked'));
    expect(await read(root, 'link.js')).toBe('deeper');
    expect(await read(root, 'linked/file.js')).toBe('deeper');
  });

  it('follows links as the system does, also through a folder that is a link', async () => {
    const { root } = worktree();
    mkdirSync(join(root, 'a', 'b'), { recursive: true });
    writeFileSync(join(root, 'a', 'x.js'), 'beside b');
    symlinkSync('a/b', join(root, 'b'));
    symlinkSync('b/../x.js', join(root, 'x.js'));
    symlinkSync(join(root, 'inner'), join(root, 'absolute'));
    symlinkSync(root, join(root, '..', 'other-name'));
    symlinkSync(join(root, '..', 'other-name', 'inner'), join(root, 'alias'));
    expect(await read(root, 'alias/file.js')).toBe('deeper');
    expect(await read(root, 'x.js')).toBe('beside b');
    expect(await read(root, 'absolute/file.js')).toBe('deeper');
  });

  it('reads from a worktree that is itself named by a link', async () => {
    const { folder, root } = worktree();
    symlinkSync(root, join(folder, 'alias'));
    expect(await read(join(folder, 'alias'), 'file.js')).toBe('inside');
  });

  it.each(['missing.js', 'inner/missing.js', 'file.js/below', 'no/such/folder.js'])(
    '%s does not exist and says so',
    async (path) => {
      await expect(read(worktree().root, path)).rejects.toEqual(codeOf('FILE_NOT_FOUND'));
    },
  );
});

describe('paths that could leave a worktree are refused', () => {
  it.each([
    '../secret.js',
    'inner/../../secret.js',
    'inner/../file.js',
    '..',
    '../work-secret/secret.js',
    '/etc/passwd',
    '//etc/passwd',
    'C:\\secret.js',
    'c:secret.js',
    'C:/secret.js',
    '\\\\server\\share\\secret.js',
    '\\\\?\\C:\\secret.js',
    '..\\secret.js',
    'inner\\..\\..\\secret.js',
    'file.js\0',
    '\0',
    'file.js\0.txt',
    '',
    '.',
    './',
    'file.js/',
    'file.js/.',
    '/',
    'a/'.repeat(600),
  ])('%j', (path) => {
    expect(() => checkRelativePath(path)).toThrow(codeOf('INVALID_PATH'));
  });

  it('whose last part is a link to outside', async () => {
    const { folder, root } = worktree();
    symlinkSync(join(folder, 'secret.js'), join(root, 'link.js'));
    symlinkSync('../secret.js', join(root, 'relative.js'));
    symlinkSync('../work-secret', join(root, 'sibling'));
    for (const path of ['link.js', 'relative.js', 'sibling/secret.js']) {
      await expect(read(root, path)).rejects.toEqual(codeOf('INVALID_PATH'));
    }
  });

  it('whose link leaves, without telling whether there is anything outside', async () => {
    const { folder, root } = worktree();
    symlinkSync(folder, join(root, 'out'));
    symlinkSync('/no/such/file.js', join(root, 'dangling.js'));
    symlinkSync('inner/../../secret.js', join(root, 'winding.js'));
    for (const path of ['out/secret.js', 'out/no-such-file.js', 'out/work/file.js', 'dangling.js', 'winding.js']) {
      await expect(read(root, path)).rejects.toEqual(codeOf('INVALID_PATH'));
    }
  });

  it('whose link stays inside and leads nowhere is a file that is not there', async () => {
    const { root } = worktree();
    symlinkSync('inner/none.js', join(root, 'nowhere.js'));
    await expect(read(root, 'nowhere.js')).rejects.toEqual(codeOf('FILE_NOT_FOUND'));
  });

  it('whose link leads in circles', async () => {
    const { root } = worktree();
    symlinkSync('loop.js', join(root, 'loop.js'));
    await expect(read(root, 'loop.js')).rejects.toEqual(codeOf('INVALID_PATH'));
  });

  it('that name a folder or a FIFO, without waiting for a writer', async () => {
    const { root } = worktree();
    execFileSync('mkfifo', [join(root, 'fifo')]);
    await expect(read(root, 'inner')).rejects.toEqual(codeOf('INVALID_PATH'));
    await expect(read(root, 'fifo')).rejects.toEqual(codeOf('INVALID_PATH'));
  });
});

it('never reads outside while a folder is swapped for a link again and again', async () => {
  const { folder, root } = worktree();
  mkdirSync(join(folder, 'outside'));
  writeFileSync(join(folder, 'outside', 'file.js'), 'ESCAPED');
  symlinkSync(join(folder, 'outside'), join(root, 'evil'));
  let isDone = false;
  let swaps = 0;
  const swapper = (async () => {
    while (!isDone) {
      renameSync(join(root, 'inner'), join(root, 'kept'));
      renameSync(join(root, 'evil'), join(root, 'inner'));
      await setImmediate();
      renameSync(join(root, 'inner'), join(root, 'evil'));
      renameSync(join(root, 'kept'), join(root, 'inner'));
      await setImmediate();
      swaps += 1;
    }
  })();
  const outcomes = { read: 0, refused: 0, escaped: 0 };
  for (let count = 0; count < 2000; count += 1) {
    const text = await read(root, 'inner/file.js').catch(() => undefined);
    if (text === 'ESCAPED') outcomes.escaped += 1;
    else if (text === undefined) outcomes.refused += 1;
    else outcomes.read += 1;
  }
  isDone = true;
  await swapper;
  expect(swaps).toBeGreaterThan(100);
  expect(outcomes.refused).toBeGreaterThan(0);
  expect(outcomes.read).toBeGreaterThan(0);
  expect(outcomes.escaped).toBe(0);
});

describe('worktrees', () => {
  it('have to be absolute, to exist and to be folders', async () => {
    const { root } = worktree();
    expect(await verifyWorktree(root)).toBe(root);
    for (const path of ['relative', join(root, 'missing'), join(root, 'file.js'), `${root}\0`, '']) {
      await expect(verifyWorktree(path)).rejects.toEqual(codeOf('INVALID_PATH'));
    }
  });
});
