/** Names and links of the host's own in a worktree: what a guest put there, a host that starts later would believe. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fsServices } from '#main/modules/fs-service';
import { ProtectedFiles } from '#main/modules/paths/protected-files';
import { runtimeSpec } from '../../support/real-runtime-host.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';

const context = { abort: new AbortController().signal, print: () => undefined };

function guest(worktree: string, protectedFiles = new ProtectedFiles()) {
  const session = fsServices(protectedFiles)(runtimeSpec({ worktree, modules: ['fs'] }));
  return (operation: string, argument: object) =>
    session?.call({ service: 'fs', operation, argument: JSON.parse(JSON.stringify(argument)) }, context);
}

test.each(['vm-system.db', 'vm-system.db-journal', 'VM-System.DB', 'vm-system.db.lock', '.vm-cache', 'a/.vm-cache'])(
  '%s is made by no guest, in no worktree',
  async (path) => {
    const worktree = temporaryFolder();
    mkdirSync(join(worktree, 'a'));
    const fs = guest(worktree);
    await expect(fs('mkdir', { path, isRecursive: false, mode: 0o777 })).rejects.toThrow(/vm-system's own/);
    expect(existsSync(join(worktree, path))).toBe(false);
  },
);

test('a link by which the host finds its store is neither removed nor replaced', async () => {
  const worktree = temporaryFolder();
  for (const folder of ['state', 'prepared']) mkdirSync(join(worktree, folder));
  writeFileSync(join(worktree, 'state', 's.db'), 'the store');
  writeFileSync(join(worktree, 'prepared', 's.db'), 'another');
  symlinkSync('middle', join(worktree, 'link'));
  symlinkSync('state', join(worktree, 'middle'));
  symlinkSync('prepared', join(worktree, 'other'));
  const fs = guest(worktree, new ProtectedFiles([join(worktree, 'link', 's.db')]));
  for (const link of ['link', 'middle']) {
    await expect(fs('rename', { path: 'other', dest: link })).rejects.toThrow(/host's own/);
    await expect(fs('rename', { path: link, dest: 'elsewhere' })).rejects.toThrow(/host's own/);
    await expect(fs('unlink', { path: link })).rejects.toThrow(/host's own/);
  }
  expect(readFileSync(join(worktree, 'link', 's.db'), 'utf8')).toBe('the store');
});
