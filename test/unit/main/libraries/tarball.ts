/** Packs tarballs by hand, also such as no tool would pack. */
import { gzipSync } from 'node:zlib';
import { Header, type HeaderData } from 'tar';

export type TarballEntry = Partial<HeaderData> & { readonly path: string; readonly text?: string };

/** A package as npm packs it: every file in the folder `package`. */
export function packageTarball(files: Readonly<Record<string, string>>): Buffer {
  return tarballOf(Object.entries(files).map(([path, text]) => ({ path: `package/${path}`, text })));
}

export function tarballOf(entries: readonly TarballEntry[]): Buffer {
  return gzipSync(Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1024)]));
}

function blocksOf({ text = '', ...entry }: TarballEntry): Buffer[] {
  const body = Buffer.from(text);
  const head = Buffer.alloc(512);
  new Header({ type: 'File', mode: 0o644, size: body.byteLength, ...entry }).encode(head);
  return [head, body, Buffer.alloc((512 - (body.byteLength % 512)) % 512)];
}
