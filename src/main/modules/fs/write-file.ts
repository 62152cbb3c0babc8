/** Writing a whole file, and adding to the end of one. */
import { constants } from 'node:fs';
import * as z from 'zod';
import { lookAtFile, openRegular } from '../paths/regular-file.ts';
import type { Place } from '../paths/walk.ts';
import { checkEncoding } from './encoding.ts';
import type { FileCall, FileOperation } from './file-operation.ts';
import { createFile, putFile } from './new-file.ts';

const schema = z.strictObject({
  path: z.string(),
  /** Where the data are a text: the one they are to be written in. They come in UTF-8. */
  encoding: z.string().nullable(),
  mode: z.int().min(0).max(0o777),
  flag: z.enum(['w', 'wx', 'a', 'ax']),
});
type WriteArgument = z.infer<typeof schema>;

export const writeFile: FileOperation<WriteArgument> = {
  syscall: 'open',
  schema,
  async run(call) {
    const { path, flag, mode } = call.argument;
    const data = dataOf(call);
    await call.access.toWrite(path, { lastLink: 'follow' }, async (place) => {
      if (flag === 'a') return appendTo(place, call, data);
      const rules = call.access.rulesFor(path);
      return putFile({ place, rules, mode, isExclusive: flag !== 'w' }, (file) => {
        call.access.quota.take(data.byteLength);
        return file.writeFile(data);
      });
    });
    return { value: null };
  },
};

function dataOf({ argument: { encoding: name }, bytes = new Uint8Array() }: FileCall<WriteArgument>): Uint8Array {
  const encoding = name === null ? 'utf8' : checkEncoding(name);
  if (encoding === 'utf8' || encoding === 'utf-8') return bytes;
  return Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(), encoding);
}

async function appendTo(place: Place, { access, argument }: FileCall<WriteArgument>, data: Uint8Array): Promise<void> {
  const rules = { ...access.rulesFor(argument.path), forWriting: true };
  if ((await lookAtFile(place, rules)) === undefined) {
    return createFile(place, argument.mode, (file) => {
      access.quota.take(data.byteLength);
      return file.writeFile(data);
    });
  }
  const file = await openRegular(place, { ...rules, flags: constants.O_WRONLY | constants.O_APPEND });
  try {
    access.quota.take(data.byteLength);
    await file.writeFile(data);
  } finally {
    await file.close();
  }
}
