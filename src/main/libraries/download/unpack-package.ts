/**
 * Reads the files of a package's tarball into memory. It believes nothing of it: size and number are limited, and a
 * link, a device or a path that leaves the package's folder refuses the whole package.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Parser } from 'tar';

/** By path inside the package, with slashes. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

interface UnpackLimits {
  readonly unpackedBytes: number;
  readonly files: number;
}

interface ArchiveEntry {
  readonly path: string;
  readonly type: string;
  readonly body: Promise<Uint8Array>;
}

const defaultLimits: UnpackLimits = { unpackedBytes: 128 * 1024 * 1024, files: 20_000 };

const fileTypes = new Set(['File', 'OldFile', 'ContiguousFile']);
const folderTypes = new Set(['Directory', 'GNUDumpDir']);

export async function unpackPackage(tarball: Uint8Array, limits = defaultLimits): Promise<PackageFiles> {
  const entries = await entriesOf(await inflate(tarball, limits.unpackedBytes));
  if (entries.length > limits.files) throw new Error(`The package holds more than ${limits.files} files.`);
  const files = new Map<string, Uint8Array>();
  for (const { path, type, body } of entries) {
    if (folderTypes.has(type)) continue;
    if (!fileTypes.has(type)) throw new Error(`The package holds "${path}" of type ${type}, which is refused.`);
    files.set(pathInPackage(path), await body);
  }
  return files;
}

/** Whole, so that a bomb ends at the limit however it is packed. */
async function inflate(tarball: Uint8Array, maxBytes: number): Promise<Buffer> {
  try {
    return await promisify(gunzip)(tarball, { maxOutputLength: maxBytes });
  } catch (cause) {
    const isLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    const problem = isLarge ? `is larger than ${maxBytes} bytes` : 'is no gzip archive';
    throw new Error(`The package ${problem}.`, { cause });
  }
}

function entriesOf(archive: Buffer): Promise<ArchiveEntry[]> {
  const { promise, resolve, reject } = Promise.withResolvers<ArchiveEntry[]>();
  const entries: ArchiveEntry[] = [];
  new Parser({
    strict: true,
    onReadEntry: (entry) => entries.push({ path: entry.path, type: entry.type, body: entry.concat() }),
  })
    .on('error', (cause) => reject(new Error('The package is no tar archive, or a damaged one.', { cause })))
    .on('end', () => resolve(entries))
    .end(archive);
  return promise;
}

/** Every package lies in one folder of its tarball, mostly called `package`; like npm, this takes any name for it. */
function pathInPackage(path: string): string {
  const [, ...segments] = path.split('/');
  const isInside = segments.length > 0 && segments.every((segment) => !['', '.', '..'].includes(segment));
  if (isInside && !/[\\\0]/.test(path) && !path.startsWith('..')) return segments.join('/');
  throw new Error(`The package holds the path "${path}", which lies outside its folder.`);
}
