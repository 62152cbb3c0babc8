/** Giving a file or folder another name, in the same or another folder that may be written. */
import { rename as renameAt } from 'node:fs/promises';
import * as z from 'zod';
import { systemError } from '../paths/path-problem.ts';
import type { FileOperation } from './file-operation.ts';
import { checkMovable } from './remove.ts';

const schema = z.strictObject({ path: z.string(), dest: z.string() });

export const rename: FileOperation<z.infer<typeof schema>> = {
  syscall: 'rename',
  schema,
  async run({ access, argument: { path, dest } }) {
    await access.toWrite(path, { lastLink: 'keep' }, async (source) => {
      if (!(await checkMovable(source, { access, path }))) throw systemError('ENOENT');
      await access.toWrite(dest, { lastLink: 'keep' }, async (target) => {
        await checkMovable(target, { access, path: dest });
        await source.folder.use(source.name, (from) => target.folder.use(target.name, (to) => renameAt(from, to)));
      });
    });
    return { value: null };
  },
};
