/** Copying a file piece by piece: it may be larger than what may be read at once. */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import * as z from 'zod';
import { openRegular } from '../paths/regular-file.ts';
import { checkWanted, type FileCall, type FileOperation } from './file-operation.ts';
import { putFile } from './new-file.ts';

const schema = z.strictObject({ path: z.string(), dest: z.string(), isExclusive: z.boolean() });
type CopyArgument = z.infer<typeof schema>;

const pieceBytes = 256 * 1024;

export const copyFile: FileOperation<CopyArgument> = {
  syscall: 'copyfile',
  schema,
  async run(call) {
    const { path, dest, isExclusive } = call.argument;
    const { access } = call;
    await access.toRead(path, 'follow', async (source) => {
      const from = await openRegular(source, { ...access.rulesFor(path), flags: constants.O_RDONLY });
      try {
        const mode = (await from.stat()).mode & 0o777;
        await access.toWrite(dest, { lastLink: 'follow' }, (place) =>
          putFile({ place, rules: access.rulesFor(dest), mode, isExclusive }, (to) => copyPieces(from, to, call)),
        );
      } finally {
        await from.close();
      }
    });
    return { value: null };
  },
};

async function copyPieces(from: FileHandle, to: FileHandle, { access, abort }: FileCall<CopyArgument>): Promise<void> {
  const piece = Buffer.allocUnsafe(pieceBytes);
  for (;;) {
    checkWanted(abort);
    const { bytesRead } = await from.read(piece, 0, pieceBytes);
    if (bytesRead === 0) return;
    access.quota.take(bytesRead);
    await to.writeFile(piece.subarray(0, bytesRead));
  }
}
