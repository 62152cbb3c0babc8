/**
 * The only judge of paths. A path of a guest, a template or a client names something inside one folder, the worktree;
 * everything that could leave it is refused with INVALID_PATH. Run-file, startup files and the native modules come here.
 *
 * Rules: relative, no `..`, no NUL, no backslash; links may be followed while they stay inside. The check and the open
 * are one: on Linux each component is opened beneath its parent without following links, so a folder that is swapped
 * for a link between look and open is refused instead of followed.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep, win32 } from 'node:path';
import { VmError } from '#core/vm-error';

const maxPathLength = 1024;

/** Throws INVALID_PATH for a path that cannot name anything inside a worktree; returns its components. */
export function checkRelativePath(path: string): readonly string[] {
  if (path.includes('\0')) refuse(path, 'it contains a NUL character');
  if (path.length > maxPathLength) refuse(path, `it is longer than ${maxPathLength} characters`);
  if (isAbsolute(path) || win32.isAbsolute(path) || /^[a-z]:/i.test(path)) refuse(path, 'it is absolute');
  if (path.includes('\\')) refuse(path, 'it contains a backslash; use "/" between folders');
  const components = path.split('/').filter((component) => component !== '' && component !== '.');
  if (components.includes('..')) refuse(path, 'it contains ".."');
  if (components.length === 0 || /(^|\/)\.?$/.test(path)) refuse(path, 'it names no file');
  if (process.platform === 'win32') for (const component of components) checkWindowsName(path, component);
  return components;
}

/** Resolves to the real path of a worktree folder; rejects with INVALID_PATH. */
export async function verifyWorktree(path: string): Promise<string> {
  if (path.includes('\0')) refuse(path, 'it contains a NUL character', 'worktree');
  if (!isAbsolute(path)) refuse(path, 'it is not absolute', 'worktree');
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    refuse(path, reasonOf(error), 'worktree');
  }
  return refuse(path, 'it is not a folder', 'worktree');
}

/** Opens a regular file of a worktree for reading; rejects with INVALID_PATH or FILE_NOT_FOUND. The caller closes it. */
export async function openFile(worktree: string, path: string): Promise<FileHandle> {
  const components = checkRelativePath(path);
  const root = await verifyWorktree(worktree);
  const inside = await resolveInside(root, path, components);
  const file = await openBeneath(root, inside).catch((error) => refuseOpen(path, error));
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return refuse(path, 'it is not a regular file');
}

/** As many links as a path may lead through before it is taken for a circle. */
const maxLinks = 40;

/**
 * Follows links component by component, as the system would, but asks for nothing outside: whether a file outside exists
 * must not show. Resolves to components without links.
 */
async function resolveInside(root: string, path: string, components: readonly string[]): Promise<readonly string[]> {
  const resolved: string[] = [];
  const rest = [...components];
  let links = 0;
  for (let component = rest.shift(); component !== undefined; component = rest.shift()) {
    if (component === '..') {
      if (resolved.pop() === undefined) refuseLeaving(path);
      continue;
    }
    const target = await readlink(join(root, ...resolved, component)).catch(() => undefined);
    if (target === undefined) {
      resolved.push(component);
      continue;
    }
    links += 1;
    if (links > maxLinks) refuse(path, 'it is a link that leads in circles');
    if (isAbsolute(target)) resolved.length = 0;
    const next = isAbsolute(target) ? ((await beneath(root, target)) ?? refuseLeaving(path)) : target;
    rest.unshift(...next.split(sep).filter((part) => part !== '' && part !== '.'));
  }
  return resolved;
}

/**
 * The part of an absolute path beneath the root, by whichever name the root goes in it (a folder above may be a link).
 * Whatever is looked at outside, the answer to the caller is the same refusal.
 */
async function beneath(root: string, target: string): Promise<string | undefined> {
  for (let ancestor = target; ; ancestor = dirname(ancestor)) {
    if ((await realpath(ancestor).catch(() => undefined)) === root) return relative(ancestor, target);
    if (dirname(ancestor) === ancestor) return undefined;
  }
}

function refuseLeaving(path: string): never {
  return refuse(path, 'it is a link that leaves the worktree');
}

/** A FIFO must not block the open, a terminal must not become ours, a link must not be followed. */
const readFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW;

async function openBeneath(root: string, components: readonly string[]): Promise<FileHandle> {
  if (process.platform !== 'linux') return openAndCompare(join(root, ...components));
  let parent = await open(root, constants.O_RDONLY | constants.O_DIRECTORY);
  for (const [index, component] of components.entries()) {
    const isLast = index === components.length - 1;
    const flags = isLast ? readFlags : constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
    try {
      const child = await open(`/proc/self/fd/${parent.fd}/${component}`, flags);
      await parent.close();
      parent = child;
    } catch (error) {
      await parent.close();
      throw error;
    }
  }
  return parent;
}

/** Without /proc: open, then make sure that the path still leads to what was opened. */
async function openAndCompare(real: string): Promise<FileHandle> {
  const file = await open(real, readFlags);
  const [opened, named] = await Promise.all([
    file.stat({ bigint: true }),
    stat(await realpath(real), { bigint: true }),
  ]);
  if (opened.ino === named.ino && opened.dev === named.dev && (await realpath(real)) === real) return file;
  await file.close();
  throw Object.assign(new Error('it changed while it was opened'), { code: 'ELOOP' });
}

function checkWindowsName(path: string, component: string): void {
  const isDevice = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i.test(component);
  if (isDevice || component.includes(':') || /[. ]$/.test(component))
    refuse(path, `"${component}" is no plain file name`);
}

function refuseOpen(path: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    throw new VmError('FILE_NOT_FOUND', `There is no file "${path}" in the worktree.`, { details: { path } });
  }
  return refuse(path, reasonOf(error));
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  if (code === 'ELOOP') return 'it is a link that leads nowhere, or it changed while it was opened';
  return error instanceof Error ? error.message : String(error);
}

function refuse(path: string, reason: string, what = 'path'): never {
  throw new VmError('INVALID_PATH', `The ${what} ${JSON.stringify(path)} cannot be used: ${reason}.`, {
    details: { path, reason },
  });
}
