// @ts-check
/** What a guest gives a file operation to write: a text, or the bytes of whatever holds some. */
import { kindOfObject } from './kind.js';
import {
  bufferByteLength,
  natives,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  viewBuffer,
  viewByteLength,
  viewByteOffset,
} from './primordials.js';

/**
 * The bytes as a buffer of their own, or undefined where the value holds none.
 * @type {(value: unknown) => ArrayBuffer | undefined}
 */
export function bytesOf(value) {
  const kind = typeof value === 'object' && value !== null ? kindOfObject(value) : '';
  if (kind === 'arraybuffer') return copy(value, 0, bufferByteLength(value));
  if (kind === 'typedarray')
    return copy(typedArrayBuffer(value), typedArrayByteOffset(value), typedArrayByteLength(value));
  return kind === 'dataview' ? copy(viewBuffer(value), viewByteOffset(value), viewByteLength(value)) : undefined;
}

/** @type {(buffer: unknown, offset: unknown, length: unknown) => ArrayBuffer} */
function copy(buffer, offset, length) {
  const view = new natives.Uint8Array(
    /** @type {ArrayBuffer} */ (buffer),
    /** @type {number} */ (offset),
    /** @type {number} */ (length),
  );
  return /** @type {ArrayBuffer} */ (typedArrayBuffer(new natives.Uint8Array(view)));
}
