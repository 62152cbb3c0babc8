/** The operations of the `fs` module by the names that its prelude sends. */
import * as z from 'zod';
import { GuestError } from '#core/guest-error';
import type { GuestReply } from '#core/ports';
import { copyFile } from './copy-file.ts';
import { accessOperation, exists, lstatLink, realpath, stat } from './file-facts.ts';
import type { FileCall, FileOperation } from './file-operation.ts';
import { readdir } from './list-folder.ts';
import { mkdir } from './make-folder.ts';
import { readFile } from './read-file.ts';
import { rm, rmdir, unlink } from './remove.ts';
import { rename } from './rename.ts';
import { writeFile } from './write-file.ts';

export interface CheckedOperation {
  readonly syscall: string;
  /** Checks the argument, then runs. */
  run(call: FileCall<unknown>): Promise<GuestReply>;
}

function checked<Argument>({ syscall, schema, run }: FileOperation<Argument>): CheckedOperation {
  return {
    syscall,
    run: async (call) => {
      const argument = schema.safeParse(call.argument);
      if (argument.success) return run({ ...call, argument: argument.data });
      throw new GuestError(z.prettifyError(argument.error), { code: 'ERR_INVALID_ARG_VALUE' }, 'TypeError');
    },
  };
}

export const fileOperations: ReadonlyMap<string, CheckedOperation> = new Map(
  Object.entries({
    readFile: checked(readFile),
    writeFile: checked(writeFile),
    copyFile: checked(copyFile),
    stat: checked(stat),
    lstat: checked(lstatLink),
    exists: checked(exists),
    access: checked(accessOperation),
    realpath: checked(realpath),
    readdir: checked(readdir),
    mkdir: checked(mkdir),
    rm: checked(rm),
    rmdir: checked(rmdir),
    unlink: checked(unlink),
    rename: checked(rename),
  }),
);
