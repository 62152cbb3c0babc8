/** Listing a folder, and all beneath it where that is wanted, up to as many entries as the template allows. */
import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { posix } from 'node:path';
import * as z from 'zod';
import { isVmError } from '#core/vm-error';
import type { HeldFolder } from '../paths/held-folder.ts';
import { systemCodeOf } from '../paths/path-problem.ts';
import { checkWanted, type FileCall, type FileOperation } from './file-operation.ts';
import { maxDepth } from './folder-depth.ts';

const { join } = posix;

const schema = z.strictObject({ path: z.string(), isRecursive: z.boolean() });
type ListArgument = z.infer<typeof schema>;

/** The folder is beneath the one that is listed, or empty; the mode has only the bits of the kind. */
type Entry = [folder: string, name: string, mode: number];

export const readdir: FileOperation<ListArgument> = {
  syscall: 'scandir',
  schema,
  run: (call) =>
    call.access.toRead(call.argument.path, 'follow', async ({ folder, name }) => {
      const entries: Entry[] = [];
      await listInto(entries, { parent: folder, name, path: '', depth: 0 }, call);
      return { value: entries.sort(byFolder) };
    }),
};

interface Listed {
  readonly parent: HeldFolder;
  readonly name: string;
  readonly path: string;
  readonly depth: number;
}

async function listInto(entries: Entry[], { parent, name, path, depth }: Listed, call: FileCall<ListArgument>) {
  const folder = await parent.enter(name);
  try {
    const found = await entriesOf(folder, call, call.argument.isRecursive ? entries.length : 0);
    for (const entry of found) {
      entries.push([path, entry.name, modeOf(entry)]);
      if (!call.argument.isRecursive || !entry.isDirectory() || depth === maxDepth) continue;
      const inner = { parent: folder, name: entry.name, path: join(path, entry.name), depth: depth + 1 };
      await listInto(entries, inner, call).catch(ignoreClosed);
    }
  } finally {
    await folder.close();
  }
}

async function entriesOf(folder: HeldFolder, { access, abort }: FileCall<ListArgument>, before: number) {
  const found: Dirent[] = [];
  await folder.use('.', async (path) => {
    for await (const entry of await opendir(path)) {
      found.push(entry);
      access.checkEntries(before + found.length);
      checkWanted(abort);
    }
  });
  return found;
}

/** What was a folder a moment ago may be gone, or a link by now, or is the host's: it is listed, and not entered. */
function ignoreClosed(error: unknown): void {
  if (isVmError(error)) return;
  const code = systemCodeOf(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP') throw error;
}

function modeOf(entry: Dirent): number {
  if (entry.isFile()) return 0o100000;
  if (entry.isDirectory()) return 0o040000;
  if (entry.isSymbolicLink()) return 0o120000;
  if (entry.isFIFO()) return 0o010000;
  if (entry.isSocket()) return 0o140000;
  if (entry.isBlockDevice()) return 0o060000;
  return entry.isCharacterDevice() ? 0o020000 : 0;
}

/** Folder by folder. */
function byFolder([oneFolder, oneName]: Entry, [otherFolder, otherName]: Entry): number {
  return compare(oneFolder, otherFolder) || compare(oneName, otherName);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
