/** The SourceReader port on real folders: reads the text of a file that the path checker has let through. */
import type { SourceReader } from '#core/ports';
import { VmError } from '#core/vm-error';
import { checkRelativePath, openFile, verifyWorktree } from '#main/modules/paths';
import type { ProtectedFiles } from '#main/modules/paths/protected-files';

export class WorktreeSources implements SourceReader {
  readonly #maxBytes: number;
  readonly #protectedFiles: ProtectedFiles | undefined;

  constructor(maxBytes: number, protectedFiles?: ProtectedFiles) {
    this.#maxBytes = maxBytes;
    this.#protectedFiles = protectedFiles;
  }

  verifyWorktree(path: string): Promise<string> {
    return verifyWorktree(path);
  }

  checkPath(path: string): void {
    checkRelativePath(path);
  }

  async read(worktree: string, path: string): Promise<string> {
    const file = await openFile(worktree, path, this.#protectedFiles);
    try {
      const { size } = await file.stat();
      if (size > this.#maxBytes) this.#refuseLarge(path, size);
      const bytes = await file.readFile();
      if (bytes.byteLength > this.#maxBytes) this.#refuseLarge(path, bytes.byteLength);
      return decode(bytes, path);
    } finally {
      await file.close();
    }
  }

  #refuseLarge(path: string, bytes: number): never {
    throw new VmError(
      'PAYLOAD_TOO_LARGE',
      `The file ${path} has ${bytes} bytes; a source may have ${this.#maxBytes}.`,
      {
        details: { path, bytes, allowed: this.#maxBytes },
      },
    );
  }
}

/** Wrong bytes are refused, not replaced: a script must never run as something other than what the file says. */
function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new VmError('VALIDATION_ERROR', `The file ${path} is not UTF-8 text. Save it as UTF-8 and run it again.`, {
      details: { path },
      cause,
    });
  }
}
