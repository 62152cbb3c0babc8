/** Reads the body of a response, unpacked, and never more of it than is allowed: packed and unpacked, while it comes. */
import { type Duplex, pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { fetchError } from './fetch-refusal.ts';

/** What we say we understand. */
export const acceptedCodings = 'gzip, deflate, br, zstd';

const unpackerMakers: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** More on top of each other than anybody sends. */
const maxCodings = 3;

export interface BodyLimit {
  readonly maxBytes: number;
  /** The capability that says so. */
  readonly capability: string;
}

export async function readBody(body: Readable, contentEncoding: string, limit: BodyLimit): Promise<Uint8Array> {
  const unpackers = unpackersOf(contentEncoding);
  const packed = Readable.from(limited(body, limit));
  const unpacked = unpackers.length === 0 ? packed : pipeline([packed, ...unpackers], () => undefined);
  const chunks: Uint8Array[] = [];
  for await (const chunk of limited(unpacked as Duplex, limit)) chunks.push(chunk); // the last of the streams
  return Buffer.concat(chunks);
}

function unpackersOf(contentEncoding: string): Duplex[] {
  const codings = contentEncoding.split(',').map((coding) => coding.trim().toLowerCase());
  const packed = codings.filter((coding) => coding !== '' && coding !== 'identity').reverse();
  return packed.map((coding) => {
    const unpacker = Object.hasOwn(unpackerMakers, coding) ? unpackerMakers[coding]?.() : undefined;
    if (unpacker !== undefined && packed.length <= maxCodings) return unpacker;
    throw fetchError(`the content encoding "${contentEncoding.slice(0, 100)}" is not understood`, {
      code: 'NET_FAILED',
    });
  });
}

async function* limited(source: AsyncIterable<Uint8Array>, { maxBytes, capability }: BodyLimit) {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw fetchError(
        `the response has more than ${maxBytes} bytes, which the net capability "${capability}" allows (max_response_bytes)`,
        { code: 'NET_RESPONSE_TOO_LARGE', limit: maxBytes },
      );
    }
    yield chunk;
  }
}
