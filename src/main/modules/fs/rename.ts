/** Giving a file or folder another name, in the same or another folder that may be written. */
import { rename as renameAt } from 'node:fs/promises';
import * as z from 'zod';
import { refusePath, systemError } from '../paths/path-problem.ts';
import { lookAt } from '../paths/regular-file.ts';
import type { Place } from '../paths/walk.ts';
import type { FileOperation } from './file-operation.ts';
import { checkMovable } from './remove.ts';

const schema = z.strictObject({ path: z.string(), dest: z.string() });

export const rename: FileOperation<z.infer<typeof schema>> = {
  syscall: 'rename',
  schema,
  async run({ access, argument: { path, dest } }) {
    await access.toWrite(path, { lastLink: 'keep' }, async (source) => {
      if (!(await checkMovable(source, { access, path }))) throw systemError('ENOENT');
      await refuseHardLink(source, path);
      await access.toWrite(dest, { lastLink: 'keep' }, async (target) => {
        await checkMovable(target, { access, path: dest });
        await refuseHardLink(target, dest);
        await source.folder.use(source.name, (from) => target.folder.use(target.name, (to) => renameAt(from, to)));
      });
    });
    return { value: null };
  },
};

/** A name decides what a file is to others, as SQLite finds journals: no name is given to what is also outside. */
async function refuseHardLink(place: Place, path: string): Promise<void> {
  const found = await lookAt(place);
  if (found?.isFile() && found.nlink > 1n) refusePath(path, 'it is a hard link: it has other names');
}
