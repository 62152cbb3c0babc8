/**
 * Whether a file system could take a name for `.git`. What git finds there it runs (hooks, and programs named in its
 * config), so nothing there is written. Some file systems fold case, drop characters that are not seen, trailing dots
 * and spaces, or streams, and Windows knows the folder by a short name too.
 */
export function isGitName(name: string): boolean {
  const seen = name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}|\p{Cf}/gu, '')
    .toLowerCase()
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '');
  return seen === '.git' || /^git~\d+$/.test(seen);
}
