/** Making a folder, and those on the way to it. */
import { mkdir as makeAt } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { HeldFolder } from '../paths/held-folder.ts';
import { lookAt } from '../paths/regular-file.ts';
import type { Place } from '../paths/walk.ts';
import type { FileCall, FileOperation } from './file-operation.ts';

const schema = z.strictObject({ path: z.string(), isRecursive: z.boolean(), mode: z.int().min(0).max(0o777) });
type MakeArgument = z.infer<typeof schema>;

export const mkdir: FileOperation<MakeArgument> = {
  syscall: 'mkdir',
  schema,
  run: (call) => (call.argument.isRecursive ? makeAll(call) : makeOne(call)),
};

async function makeOne({ access, argument: { path, mode } }: FileCall<MakeArgument>) {
  await access.toWrite(path, { lastLink: 'keep' }, ({ folder, name }) => makeIn(folder, name, mode));
  return { value: null };
}

/** Answers with the first folder that was made, as Node does, or null where all were there. */
async function makeAll({ access, argument: { path, mode } }: FileCall<MakeArgument>) {
  let first: readonly string[] | undefined;
  const makeFolder = async (parent: HeldFolder, name: string, names: readonly string[]) => {
    await makeIn(parent, name, mode);
    first ??= names;
  };
  return access.toWrite(path, { lastLink: 'follow', makeFolder }, async (place) => {
    if (!(await isFolder(place))) await makeFolder(place.folder, place.name, place.names);
    return { value: first === undefined ? null : join(place.root.realPath, ...first) };
  });
}

async function makeIn(folder: HeldFolder, name: string, mode: number): Promise<void> {
  await folder.use(name, (path) => makeAt(path, mode));
}

async function isFolder(place: Place): Promise<boolean> {
  return (await lookAt(place))?.isDirectory() ?? false;
}
