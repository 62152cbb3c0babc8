// @ts-check
/** `TextEncoder` and `TextDecoder`: the worker knows the codings; what a stream has not ended yet is kept here. */

import { bytesOf } from './bytes.js';
import { defineHidden, defineTag } from './define.js';
import { natives, typedArrayBuffer, typedArrayByteOffset, typedArrayName, typedArraySet } from './primordials.js';
import { askWorker, decodeText, encodeUtf8 } from './worker-text.js';

export class TextEncoder {
  static {
    defineTag(TextEncoder);
  }

  get encoding() {
    return 'utf-8';
  }

  encode(/** @type {unknown} */ input = '') {
    return encodeUtf8('' + input);
  }

  /** As much as fits, whole characters only. */
  encodeInto(/** @type {unknown} */ source, /** @type {unknown} */ destination) {
    const room = typedArrayName(destination) === 'Uint8Array' ? bytesOf(destination) : undefined;
    if (room === undefined) throw new natives.TypeError('The destination must be a Uint8Array');
    const bytes = encodeUtf8('' + source);
    let written = bytes.length;
    if (written > room.length) {
      written = room.length;
      while (written > 0 && isInside(bytes[written])) written -= 1;
    }
    const fitting = new natives.Uint8Array(/** @type {ArrayBuffer} */ (typedArrayBuffer(bytes)), 0, written);
    typedArraySet(/** @type {Uint8Array} */ (room), fitting);
    return { read: unitsOf(fitting), written };
  }
}

/** Whether a byte goes on with a character of UTF-8. */
const isInside = (/** @type {number | undefined} */ byte) => byte !== undefined && (byte & 0xc0) === 0x80;

/** UTF-16 units of a whole text in UTF-8. */
function unitsOf(/** @type {Uint8Array} */ bytes) {
  let units = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (!isInside(byte)) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

export class TextDecoder {
  #coding;
  #fatal;
  #ignoreBOM;
  /** Bytes of a character that the next piece goes on with. */
  #rest = new natives.Uint8Array(0);
  /** Whether a mark at the beginning would be in the middle of the text by now. */
  #hasBegun = false;

  constructor(/** @type {unknown} */ label = 'utf-8', /** @type {Record<string, unknown>} */ options = {}) {
    const coding = askWorker('text.coding', '' + label);
    if (coding === null) throw new natives.RangeError('The "' + label + '" encoding is not supported');
    this.#coding = coding;
    this.#fatal = !!options?.fatal;
    this.#ignoreBOM = !!options?.ignoreBOM;
  }

  static {
    defineTag(TextDecoder);
  }

  get encoding() {
    return this.#coding;
  }

  get fatal() {
    return this.#fatal;
  }

  get ignoreBOM() {
    return this.#ignoreBOM;
  }

  decode(/** @type {unknown} */ input = undefined, /** @type {Record<string, unknown>} */ options = {}) {
    const added = input === undefined ? new natives.Uint8Array(0) : bytesOf(input);
    if (added === undefined) throw new natives.TypeError('The input must be an ArrayBuffer or a view of one');
    const bytes = joined(this.#rest, added);
    const keeps = options?.stream ? unfinished(bytes, this.#coding) : 0;
    const end = bytes.length - keeps;
    const ignoreBOM = this.#ignoreBOM || this.#hasBegun;
    const decoding = { coding: this.#coding, fatal: this.#fatal, ignoreBOM };
    const text = decodeText(part(bytes, 0, end), decoding);
    this.#rest = text === null ? new natives.Uint8Array(0) : new natives.Uint8Array(part(bytes, end, bytes.length));
    this.#hasBegun = text !== null && options?.stream ? this.#hasBegun || end > 0 : false;
    if (text === null) throw invalidData(this.#coding);
    return text;
  }
}

function invalidData(/** @type {string} */ coding) {
  const error = new natives.TypeError('The encoded data was not valid for encoding ' + coding);
  defineHidden(error, 'code', 'ERR_ENCODING_INVALID_ENCODED_DATA');
  return error;
}

/** @type {(bytes: Uint8Array, from: number, to: number) => Uint8Array} */
function part(bytes, from, to) {
  const { start, buffer } = { start: typedArrayByteOffset(bytes), buffer: typedArrayBuffer(bytes) };
  return new natives.Uint8Array(/** @type {ArrayBuffer} */ (buffer), /** @type {number} */ (start) + from, to - from);
}

/** @type {(first: Uint8Array, second: Uint8Array) => Uint8Array} */
function joined(first, second) {
  if (first.length === 0) return second;
  const both = new natives.Uint8Array(first.length + second.length);
  typedArraySet(both, first);
  typedArraySet(both, second, first.length);
  return both;
}

/** How many bytes at the end begin a character that is not there yet. */
function unfinished(/** @type {Uint8Array} */ bytes, /** @type {string} */ coding) {
  if (coding === 'utf-8') return unfinishedUtf8(bytes);
  if (coding === 'utf-16le' || coding === 'utf-16be') return unfinishedUtf16(bytes, coding === 'utf-16le' ? 1 : 0);
  return 0;
}

function unfinishedUtf8(/** @type {Uint8Array} */ bytes) {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isInside(byte)) continue;
    const length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return byte <= 0xf4 && length > back ? back : 0;
  }
  return 0;
}

/** An odd byte, and a first half of a pair before it. */
function unfinishedUtf16(/** @type {Uint8Array} */ bytes, /** @type {number} */ highByte) {
  const odd = bytes.length % 2;
  const last = bytes[bytes.length - odd - 2 + highByte] ?? 0;
  return (last & 0xfc) === 0xd8 ? odd + 2 : odd;
}
