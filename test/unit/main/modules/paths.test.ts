import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  checkRelativePath,
  isFile,
  openFile,
  resolveFolder,
  resolveForWriting,
  verifyWorktree,
} from '#main/modules/paths';
import { ProtectedFiles } from '#main/modules/paths/protected-files';
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

it('never reads outside while a folder is swapped for a link again and again', { timeout: 60_000 }, async () => {
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
  for (let count = 0; count < 1000; count += 1) {
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

describe('a place for a file that its owner opens by itself', () => {
  it('is a real path, with the identity of what is there', async () => {
    const { root } = worktree();
    symlinkSync('inner', join(root, 'linked'));
    expect(await resolveForWriting(root, 'linked/new.db')).toEqual({ path: join(root, 'inner', 'new.db') });
    const { ino } = statSync(join(root, 'inner', 'file.js'), { bigint: true });
    expect(await resolveForWriting(root, join(root, 'linked/file.js'))).toMatchObject({
      path: join(root, 'inner', 'file.js'),
      identity: { ino },
    });
  });

  it('is inside, in a folder that exists, and no link, folder, hard link, git file or file of the host', async () => {
    const { folder, root } = worktree();
    symlinkSync(join(folder, 'new.db'), join(root, 'out.db'));
    linkSync(join(folder, 'secret.js'), join(root, 'hard.db'));
    for (const path of ['../new.db', join(folder, 'new.db'), 'out.db', 'inner', 'hard.db', '.git/x', '', 'a\0']) {
      await expect(resolveForWriting(root, path), path).rejects.toEqual(codeOf('INVALID_PATH'));
    }
    await expect(resolveForWriting(root, 'none/new.db')).rejects.toEqual(codeOf('FILE_NOT_FOUND'));
    const host = new ProtectedFiles([join(root, 'file.js')]);
    await expect(resolveForWriting(root, 'file.js', { protectedFiles: host })).rejects.toEqual(codeOf('INVALID_PATH'));
    await expect(openFile(root, 'file.js', host)).rejects.toEqual(codeOf('INVALID_PATH'));
  });
});

it('a working folder is a folder inside, by its real path', async () => {
  const { folder, root } = worktree();
  symlinkSync('inner', join(root, 'linked'));
  symlinkSync('..', join(root, 'up'));
  for (const path of ['linked', 'inner/', join(root, 'inner')]) {
    expect(await resolveFolder(root, path)).toBe(join(root, 'inner'));
  }
  expect(await resolveFolder(root, '.')).toBe(root);
  for (const path of ['..', 'up', folder, '/']) {
    await expect(resolveFolder(root, path), path).rejects.toEqual(codeOf('INVALID_PATH'));
  }
  for (const path of ['none', 'file.js']) {
    await expect(resolveFolder(root, path), path).rejects.toEqual(codeOf('FILE_NOT_FOUND'));
  }
});

it('whether there is a file is told of what is inside only', async () => {
  const { folder, root } = worktree();
  symlinkSync('inner/file.js', join(root, 'link.js'));
  symlinkSync(join(folder, 'secret.js'), join(root, 'out.js'));
  for (const path of ['file.js', 'inner/file.js', 'link.js']) expect(await isFile(root, path)).toBe(true);
  for (const path of ['none.js', 'inner', 'file.js/x', 'none/x']) expect(await isFile(root, path)).toBe(false);
  for (const path of ['out.js', '../secret.js', '/etc/passwd']) {
    await expect(isFile(root, path), path).rejects.toEqual(codeOf('INVALID_PATH'));
  }
});
