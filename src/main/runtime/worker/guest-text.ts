/**
 * Texts of the guest as the engine serializes them: its version and a tag, the length, then Latin-1 or UTF-16. What the
 * engine has for texts otherwise ends at the first NUL, and JSON makes six of every control character. Long texts are
 * converted piece by piece: the worker's own heap is small, and buffers are not on it.
 */
import { isAscii, transcode } from 'node:buffer';

/** Version of the engine's format, no names, and the tag of a text. */
const head = Buffer.from([5, 0, 7]);
const pieceBytes = 1024 * 1024;

/** Turns bytes into text piece by piece, as StringDecoder and TextDecoder do. */
export interface PieceDecoder {
  write(piece: Uint8Array): string;
  end(): string;
}

/** The UTF-8 of a serialized text, with U+FFFD for what is half of a pair. */
export function utf8Of(serialized: Uint8Array): Uint8Array {
  const { bytes, isWide } = contentOf(serialized);
  if (!isWide) return isAscii(bytes) ? bytes : transcode(bytes, 'latin1', 'utf8');
  const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });
  const pieces = Array.from(piecesOf(bytes), (piece) => Buffer.from(decoder.decode(piece, { stream: true })));
  return Buffer.concat([...pieces, Buffer.from(decoder.decode())]);
}

/** The serialized text of bytes. */
export function serializedText(bytes: Uint8Array, decoder: PieceDecoder): Uint8Array {
  const texts = Array.from(piecesOf(bytes), (piece) => narrowed(decoder.write(piece)));
  texts.push(narrowed(decoder.end()));
  const isWide = texts.some((text) => text.isWide);
  const contents = texts.map((text) => (isWide && !text.isWide ? widened(text.bytes) : text.bytes));
  return serialized(Buffer.concat(contents), isWide);
}

/** The serialized text of bytes that are Latin-1, or ASCII, which need no decoding. */
export const serializedLatin1 = (bytes: Uint8Array): Uint8Array => serialized(bytes, false);

interface Content {
  readonly bytes: Uint8Array;
  readonly isWide: boolean;
}

function* piecesOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}

function narrowed(text: string): Content {
  const isWide = /[^\0-\xff]/.test(text);
  return { bytes: Buffer.from(text, isWide ? 'utf16le' : 'latin1'), isWide };
}

const widened = (bytes: Uint8Array) => (bytes.length === 0 ? bytes : transcode(bytes, 'latin1', 'utf16le'));

/** The length is in units, shifted to make room for their width, in groups of seven bits. */
function serialized(bytes: Uint8Array, isWide: boolean): Uint8Array {
  const length: number[] = [];
  let rest = isWide ? bytes.length + 1 : bytes.length * 2;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) length.push((rest % 0x80) | 0x80);
  return Buffer.concat([head, Buffer.from([...length, rest]), bytes]);
}

function contentOf(bytes: Uint8Array): Content {
  if (!head.equals(bytes.subarray(0, head.length))) throw new TypeError('What is beside a call of the host is no text');
  const lengthEnd = bytes.findIndex((byte, index) => index >= head.length && byte < 0x80) + 1;
  return { bytes: bytes.subarray(lengthEnd), isWide: ((bytes[head.length] ?? 0) & 1) === 1 };
}
