/**
 * A worktree with secrets beside it, and links, hard links and names in it that lead there: what tests of confinement
 * attack. Nothing outside may be read or changed, which `outside()` shows.
 */
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temp-dir.ts';

export interface WorktreeWithSecrets {
  readonly root: string;
  readonly secrets: string;
  /** Every file and folder outside with its content, to be compared. */
  outside(): string[];
}

export function worktreeWithSecrets(): WorktreeWithSecrets {
  const folder = temporaryFolder();
  const root = join(folder, 'work');
  const secrets = join(folder, 'secrets');
  fillOutside(folder, secrets);
  fillInside(root, secrets);
  return { root, secrets, outside: () => [secrets, `${root}-secret`].flatMap(contents) };
}

function fillOutside(folder: string, secrets: string): void {
  mkdirSync(join(secrets, 'folder'), { recursive: true });
  writeFileSync(join(secrets, 'secret.txt'), 'SECRET');
  writeFileSync(join(secrets, 'linked.txt'), 'LINKED');
  writeFileSync(join(secrets, 'folder', 'deep.txt'), 'SECRET');
  mkdirSync(join(folder, 'work-secret'));
  writeFileSync(join(folder, 'work-secret', 'secret.txt'), 'SECRET');
}

function fillInside(root: string, secrets: string): void {
  for (const inner of ['inner', '.git', 'empty']) mkdirSync(join(root, inner), { recursive: true });
  writeFileSync(join(root, 'file.txt'), 'inside');
  writeFileSync(join(root, 'inner', 'file.txt'), 'deeper');
  writeFileSync(join(root, '.git', 'config'), 'git');
  linkSync(join(secrets, 'linked.txt'), join(root, 'hard.txt'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  for (const [name, target] of Object.entries(linksTo(secrets))) symlinkSync(target, join(root, name));
}

const linksTo = (secrets: string) => ({
  out: '../secrets',
  'absolute-out': secrets,
  chain: 'out',
  up: '..',
  winding: 'inner/../../secrets',
  'out-file': '../secrets/secret.txt',
  'absolute-file': join(secrets, 'secret.txt'),
  'chain-file': 'out-file',
  'not-yet': '../secrets/new.txt',
  'absolute-not-yet': join(secrets, 'new.txt'),
  loop: 'loop',
  'git-by-link': '.git',
  root: '/',
});

/** Paths that lead outside by what is before their last name. */
export function pathsThroughOutside({ root, secrets }: WorktreeWithSecrets): string[] {
  return [
    '../secrets/secret.txt',
    '../secrets/new.txt',
    'inner/../../secrets/secret.txt',
    './inner/.././../secrets/secret.txt',
    'inner/../inner/../../work-secret/secret.txt',
    '../work/file.txt',
    '../work-secret/secret.txt',
    `${root}-secret/secret.txt`,
    `${root}/../secrets/secret.txt`,
    `${secrets}/secret.txt`,
    `${secrets}/new.txt`,
    `//${secrets}/secret.txt`,
    '/etc/passwd',
    `/proc/self/root${secrets}/secret.txt`,
    '/proc/self/cwd/secret.txt',
    '/dev/stdin',
    'out/secret.txt',
    'out/new.txt',
    './/out//secret.txt',
    'inner/../out/secret.txt',
    'absolute-out/secret.txt',
    'chain/secret.txt',
    'out/folder/deep.txt',
    'out/../secrets/secret.txt',
    'up/secrets/secret.txt',
    'up/work/file.txt',
    'winding/secret.txt',
    `root${secrets}/secret.txt`,
    'root/etc/passwd',
    'loop/secret.txt',
    'file.txt\0',
    'out\0/secret.txt',
    '..\\secrets\\secret.txt',
    'out\\secret.txt',
    'C:\\Windows\\win.ini',
    '\\\\server\\share\\secret.txt',
    `${'a/'.repeat(600)}file.txt`,
    `${'inner/../'.repeat(60)}file.txt`,
    '',
    '..',
    'inner/../..',
    '/',
    secrets,
  ];
}

/** Paths that lead outside by what their last name links to. */
export const linksOutside = ['out-file', 'absolute-file', 'chain-file', 'not-yet', 'absolute-not-yet', 'loop'];

function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? `${path}/` : `${path}: ${readFileSync(path, 'utf8')}`;
    });
}
