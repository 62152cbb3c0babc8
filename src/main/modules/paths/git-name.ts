import { foldName } from './fold-name.ts';

/**
 * Whether a file system could take a name for `.git`. What git finds there it runs (hooks, and programs named in its
 * config), so nothing there is written. Windows knows the folder by a short name too.
 */
export function isGitName(name: string): boolean {
  const folded = foldName(name);
  return folded === '.git' || /^git~\d+$/.test(folded);
}
