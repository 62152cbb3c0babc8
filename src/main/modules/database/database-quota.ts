/** How large the databases of one session may become, all together: one file after the other fills a disk too. */
import { stat } from 'node:fs/promises';

const maxBytes = 1024 * 1024 * 1024;

export class DatabaseQuota {
  readonly #files = new Set<string>();

  /** What is left for a file, which counts from now on; it never has to become smaller than it is. */
  async leftFor(file: string): Promise<number> {
    this.#files.add(file);
    const others = [...this.#files].filter((other) => other !== file);
    const sizes = await Promise.all(others.map(sizeOf));
    return Math.max(
      0,
      sizes.reduce((left, size) => left - size, maxBytes),
    );
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
