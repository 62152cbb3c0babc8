/**
 * The rules that a path must meet as a text, before any file system is asked. Names that mean something else to one
 * system (devices, streams and short names of Windows) are refused on that system.
 */
import { isAbsolute, win32 } from 'node:path';
import { refusePath } from './path-problem.ts';

const maxPathLength = 1024;

/** Throws INVALID_PATH for a path that cannot name a file inside a worktree by itself; returns its components. */
export function checkRelativePath(path: string, platform = process.platform): readonly string[] {
  checkText(path);
  if (isAbsolute(path) || win32.isAbsolute(path) || /^[a-z]:/i.test(path)) refusePath(path, 'it is absolute');
  if (path.includes('\\')) refusePath(path, 'it contains a backslash; use "/" between folders');
  const components = componentsOf(path);
  if (components.includes('..')) refusePath(path, 'it contains ".."');
  if (components.length === 0 || /(^|\/)\.?$/.test(path)) refusePath(path, 'it names no file');
  checkNames(path, components, platform);
  return components;
}

/**
 * What a guest may write: relative or absolute, and `..` as long as it stays inside, which the walk finds out. Returns it
 * with "/" between folders.
 */
export function checkGuestPath(path: string, platform = process.platform): string {
  checkText(path);
  if (path === '') refusePath(path, 'it is empty');
  const slashed = toSlashes(path, platform);
  if (slashed.includes('\\')) refusePath(path, 'it contains a backslash; use "/" between folders');
  const withoutDrive = platform === 'win32' ? slashed.replace(/^[a-z]:\//i, '') : slashed;
  checkNames(path, componentsOf(withoutDrive), platform);
  return slashed;
}

/** The same path with "/" between folders, where the system also takes a backslash for that. */
export function toSlashes(path: string, platform = process.platform): string {
  return platform === 'win32' ? path.replaceAll('\\', '/') : path;
}

/** Without what names nothing. */
export function componentsOf(path: string): string[] {
  return path.split('/').filter((component) => component !== '' && component !== '.');
}

function checkText(path: string): void {
  if (path.includes('\0')) refusePath(path, 'it contains a NUL character');
  if (path.length > maxPathLength) refusePath(path, `it is longer than ${maxPathLength} characters`);
}

function checkNames(path: string, names: readonly string[], platform: NodeJS.Platform): void {
  if (platform !== 'win32') return;
  for (const name of names) if (!isPlainWindowsName(name)) refusePath(path, `"${name}" is no plain file name`);
}

/** No device, no stream (`a::$DATA`), no ending that Windows drops, no short name (`GIT~1`). */
function isPlainWindowsName(name: string): boolean {
  const isDevice = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)/i.test(name);
  return name === '..' || !(isDevice || /[:<>"|?*]/.test(name) || /[. ]$/.test(name) || /~\d+(\.|$)/.test(name));
}
