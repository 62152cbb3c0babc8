// @ts-check
/** The bytes that a value of the guest holds: the one place that knows what holds some. */
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
 * What a buffer or a view of one holds, as it lies there; undefined where the value is neither.
 * @type {(value: unknown) => Uint8Array | undefined}
 */
export function bytesOf(value) {
  const kind = typeof value === 'object' && value !== null ? kindOfObject(value) : '';
  if (kind === 'arraybuffer') return viewOf(value, 0, bufferByteLength(value));
  if (kind === 'dataview') return viewOf(viewBuffer(value), viewByteOffset(value), viewByteLength(value));
  if (kind !== 'typedarray') return undefined;
  return viewOf(typedArrayBuffer(value), typedArrayByteOffset(value), typedArrayByteLength(value));
}

/** The bytes in a buffer of their own. */
export const bufferOf = (/** @type {Uint8Array} */ bytes) =>
  /** @type {ArrayBuffer} */ (typedArrayBuffer(new natives.Uint8Array(bytes)));

/** @type {(buffer: unknown, offset: unknown, length: unknown) => Uint8Array} */
const viewOf = (buffer, offset, length) =>
  new natives.Uint8Array(
    /** @type {ArrayBuffer} */ (buffer),
    /** @type {number} */ (offset),
    /** @type {number} */ (length),
  );
