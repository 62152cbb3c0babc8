/** What can be told of a file without reading it. Nothing here says anything of what is outside. */
import { constants } from 'node:fs';
import { access as accessPath, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { isVmError } from '#core/vm-error';
import { systemCodeOf, systemError } from '../paths/path-problem.ts';
import { lookAt, openRegular } from '../paths/regular-file.ts';
import type { Place } from '../paths/walk.ts';
import type { FileCall, FileOperation } from './file-operation.ts';

const pathSchema = z.strictObject({ path: z.string() });
type PathArgument = z.infer<typeof pathSchema>;

/** Of what is optional and not there, the facts are null. */
const statSchema = z.strictObject({ path: z.string(), isOptional: z.boolean() });

export const stat = statOperation('stat', 'follow');
export const lstatLink = statOperation('lstat', 'keep');

function statOperation(syscall: string, lastLink: 'follow' | 'keep'): FileOperation<z.infer<typeof statSchema>> {
  return {
    syscall,
    schema: statSchema,
    async run({ access, argument: { path, isOptional } }) {
      try {
        return { value: await access.toRead(path, lastLink, factsOf) };
      } catch (error) {
        if (isOptional && systemCodeOf(error) === 'ENOENT') return { value: null };
        throw error;
      }
    },
  };
}

async function factsOf({ folder, name }: Place) {
  const found = await folder.use(name, (path) => lstat(path));
  const { size, mode, nlink, atimeMs, mtimeMs, ctimeMs, birthtimeMs } = found;
  return { size, mode, nlink, atimeMs, mtimeMs, ctimeMs, birthtimeMs };
}

/** As in Node, whatever stands in the way is a no. */
export const exists: FileOperation<PathArgument> = {
  syscall: 'access',
  schema: pathSchema,
  async run({ access, argument: { path } }) {
    try {
      return { value: await access.toRead(path, 'follow', async (place) => (await lookAt(place)) !== undefined) };
    } catch (error) {
      if (isVmError(error) || systemCodeOf(error) !== undefined) return { value: false };
      throw error;
    }
  },
};

/** The real path as absolute: nothing outside shows in it but the root's own, which the guest may know. */
export const realpath: FileOperation<PathArgument> = {
  syscall: 'realpath',
  schema: pathSchema,
  run: ({ access, argument: { path } }) =>
    access.toRead(path, 'follow', async (place) => {
      if ((await lookAt(place)) === undefined) throw systemError('ENOENT');
      return { value: join(place.root.realPath, ...place.names) };
    }),
};

const accessSchema = z.strictObject({ path: z.string(), mode: z.int().min(0).max(7) });
type AccessArgument = z.infer<typeof accessSchema>;

export const accessOperation: FileOperation<AccessArgument> = {
  syscall: 'access',
  schema: accessSchema,
  async run(call) {
    const { access, argument } = call;
    const check = (place: Place) => checkAccess(place, call);
    if ((argument.mode & constants.W_OK) === 0) await access.toRead(argument.path, 'follow', check);
    else await access.toWrite(argument.path, { lastLink: 'follow' }, check);
    return { value: null };
  },
};

/** By opening it as it would be used: the system's own `access` would follow a link that has come in between. */
async function checkAccess(
  place: Place,
  { access, argument: { path, mode } }: FileCall<AccessArgument>,
): Promise<void> {
  const found = await lookAt(place);
  if (found === undefined) throw systemError('ENOENT');
  if (found.isDirectory()) return checkFolder(place, mode);
  const rules = access.rulesFor(path);
  if (mode & constants.R_OK) await (await openRegular(place, { ...rules, flags: constants.O_RDONLY })).close();
  if (mode & constants.W_OK) {
    await (await openRegular(place, { ...rules, forWriting: true, flags: constants.O_WRONLY })).close();
  }
  if (mode & constants.X_OK && (found.mode & 0o111n) === 0n) throw systemError('EACCES');
}

async function checkFolder({ folder, name }: Place, mode: number): Promise<void> {
  const itself = await folder.enter(name);
  try {
    await itself.use('.', (path) => accessPath(path, mode));
  } finally {
    await itself.close();
  }
}
