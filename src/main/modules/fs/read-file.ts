/** Reading a whole file, as text or as bytes, and never more of it than the template allows. */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import * as z from 'zod';
import { openRegular } from '../paths/regular-file.ts';
import { checkEncoding } from './encoding.ts';
import type { FileAccess } from './file-access.ts';
import type { FileOperation } from './file-operation.ts';

/** Without an encoding the answer is bytes; a text the guest decodes, by an encoding that is checked here. */
const schema = z.strictObject({ path: z.string(), encoding: z.string().nullable() });

export const readFile: FileOperation<z.infer<typeof schema>> = {
  syscall: 'open',
  schema,
  async run({ access, argument: { path, encoding } }) {
    if (encoding !== null) checkEncoding(encoding);
    const bytes = await access.toRead(path, 'follow', async (place) => {
      const file = await openRegular(place, { ...access.rulesFor(path), flags: constants.O_RDONLY });
      try {
        return await readWhole(file, access);
      } finally {
        await file.close();
      }
    });
    return encoding === null ? { value: null, bytes } : { value: null, text: bytes };
  },
};

/** The size is only what the file had when it was asked; one that grows meanwhile is read up to what is allowed. */
async function readWhole(file: FileHandle, access: FileAccess): Promise<Uint8Array<ArrayBuffer>> {
  const { size } = await file.stat();
  access.checkReadBytes(size);
  let buffer = new Uint8Array(size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    length += bytesRead;
    access.checkReadBytes(length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = grown(buffer, access.maxReadBytes + 1);
  }
}

function grown(buffer: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(maxBytes, buffer.length * 2));
  larger.set(buffer);
  return larger;
}
