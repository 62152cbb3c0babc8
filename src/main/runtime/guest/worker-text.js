// @ts-check
/** Texts and bytes to the worker and back, for what only it can do: within a bound, because its own memory has one. */
import { askHost, askHostList } from './host.js';
import { bareList, jsonParse, natives, typedArrayBuffer } from './primordials.js';

/** In UTF-16 units, and in bytes. */
const maxText = 16 * 1024 * 1024;
const maxBytes = 64 * 1024 * 1024;

/** The worker's answer to a list of texts. @type {(operation: string, list: readonly unknown[]) => ReturnType<typeof jsonParse>} */
export const askWorkerList = (operation, list) => jsonParse(/** @type {string} */ (askHostList(operation, list)));

/** The worker's answer to a text. */
export const askWorker = (/** @type {string} */ operation, /** @type {unknown} */ argument) =>
  jsonParse(/** @type {string} */ (askHost(operation, argument)));

/** Refuses what is more than the worker takes. */
export function checkLength(/** @type {string} */ text, /** @type {string} */ what) {
  if (text.length > maxText) throw new natives.RangeError(what + ' takes at most ' + maxText + ' characters at once');
}

export function encodeUtf8(/** @type {string} */ text) {
  checkLength(text, 'Encoding');
  return new natives.Uint8Array(/** @type {ArrayBuffer} */ (askHost('text.encode', null, text)));
}

/** @typedef {{ readonly coding: string, readonly fatal: boolean, readonly ignoreBOM: boolean }} Decoding */

/**
 * The text of bytes, or null where it is fatal that they are none.
 * @type {(bytes: Uint8Array, decoding: Decoding) => string | null}
 */
export function decodeText(bytes, { coding, fatal, ignoreBOM }) {
  const exact = new natives.Uint8Array(bytes);
  if (exact.length > maxBytes) throw new natives.RangeError('Decoding takes at most ' + maxBytes + ' bytes at once');
  const options = bareList([coding, fatal, ignoreBOM]);
  const text = /** @type {string | undefined} */ (askHostList('text.decode', options, typedArrayBuffer(exact)));
  return text === undefined ? null : text;
}

export const decodeUtf8 = (/** @type {Uint8Array} */ bytes) =>
  /** @type {string} */ (decodeText(bytes, { coding: 'utf-8', fatal: false, ignoreBOM: false }));
