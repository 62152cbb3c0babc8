/**
 * Removing files, folders and trees. A link is removed itself, never what it leads to; each folder of a tree is entered
 * beneath its parent, so that one that is swapped for a link is not followed.
 */
import type { Dirent } from 'node:fs';
import { opendir, unlink as removeFile, rmdir as removeFolder } from 'node:fs/promises';
import * as z from 'zod';
import { isGitName } from '../paths/git-name.ts';
import type { HeldFolder } from '../paths/held-folder.ts';
import { refusePath, systemError } from '../paths/path-problem.ts';
import { lookAt } from '../paths/regular-file.ts';
import type { Place } from '../paths/walk.ts';
import type { FileAccess } from './file-access.ts';
import { checkWanted, type FileCall, type FileOperation } from './file-operation.ts';
import { maxDepth } from './folder-depth.ts';

const pathSchema = z.strictObject({ path: z.string() });
type PathArgument = z.infer<typeof pathSchema>;

export const unlink: FileOperation<PathArgument> = {
  syscall: 'unlink',
  schema: pathSchema,
  run: (call) => remove(call, ({ folder, name }) => folder.use(name, (path) => removeFile(path))),
};

export const rmdir: FileOperation<PathArgument> = {
  syscall: 'rmdir',
  schema: pathSchema,
  run: (call) => remove(call, ({ folder, name }) => folder.use(name, (path) => removeFolder(path))),
};

const treeSchema = z.strictObject({ path: z.string(), isRecursive: z.boolean(), isForced: z.boolean() });
type TreeArgument = z.infer<typeof treeSchema>;

export const rm: FileOperation<TreeArgument> = {
  syscall: 'rm',
  schema: treeSchema,
  run: (call) => remove(call, (place) => removeAny(place, call), call.argument.isForced),
};

async function remove(
  { access, argument: { path } }: FileCall<PathArgument>,
  action: (place: Place) => Promise<void>,
  isForced = false,
) {
  await access.toWrite(path, { lastLink: 'keep' }, async (place) => {
    if (await checkMovable(place, { access, path })) await action(place);
    else if (!isForced) throw systemError('ENOENT');
  });
  return { value: null };
}

/** Refuses what must stay where it is: a root, and what the host's own files are in. False where there is nothing. */
export async function checkMovable(place: Place, { access, path }: { access: FileAccess; path: string }) {
  if (place.names.length === 0) refusePath(path, `it is the ${place.root.label} itself`);
  const found = await lookAt(place);
  if (found === undefined) return false;
  const { protectedFiles } = access;
  const isKept = await (found.isDirectory() ? protectedFiles.areBeneath(found) : protectedFiles.includes(found));
  if (isKept) refusePath(path, "it is the host's own file, or has one in it");
  return true;
}

async function removeAny(place: Place, call: FileCall<TreeArgument>): Promise<void> {
  const { folder, name } = place;
  if (!(await lookAt(place))?.isDirectory()) return folder.use(name, (path) => removeFile(path));
  if (!call.argument.isRecursive) throw systemError('EISDIR');
  const tree = { call, depth: 0 };
  await checkTree(folder, name, tree);
  await removeTree(folder, name, tree);
}

interface Tree {
  readonly call: FileCall<TreeArgument>;
  readonly depth: number;
}

/** Before anything is gone: a tree is removed whole or not at all. */
async function checkTree(parent: HeldFolder, name: string, tree: Tree): Promise<void> {
  const { path } = tree.call.argument;
  if (tree.depth > maxDepth) refusePath(path, `it is deeper than ${maxDepth} folders`);
  await eachEntry(parent, name, tree, async (folder, entry) => {
    if (isGitName(entry.name)) refusePath(path, `"${entry.name}" in it is git's own`);
    if (entry.isDirectory()) await checkTree(folder, entry.name, deeper(tree));
  });
}

async function removeTree(parent: HeldFolder, name: string, tree: Tree): Promise<void> {
  if (tree.depth > maxDepth) throw systemError('ENOTEMPTY');
  await eachEntry(parent, name, tree, async (folder, entry) => {
    if (entry.isDirectory()) await removeTree(folder, entry.name, deeper(tree));
    else await folder.use(entry.name, (path) => removeFile(path));
  });
  await parent.use(name, (path) => removeFolder(path));
}

const deeper = ({ call, depth }: Tree): Tree => ({ call, depth: depth + 1 });

type Visit = (folder: HeldFolder, entry: Dirent) => Promise<void>;

async function eachEntry(parent: HeldFolder, name: string, { call }: Tree, visit: Visit): Promise<void> {
  const folder = await parent.enter(name);
  try {
    await folder.use('.', async (path) => {
      for await (const entry of await opendir(path)) {
        checkWanted(call.abort);
        await visit(folder, entry);
      }
    });
  } finally {
    await folder.close();
  }
}
