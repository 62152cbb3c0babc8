// @ts-check
/** What Request and Response share: a body that is there as a whole, and is read once. */

import { bytesOf } from './bytes.js';
import { jsonParse, natives, typedArrayBuffer } from './primordials.js';
import { URLSearchParams } from './url.js';
import { decodeUtf8, encodeUtf8 } from './worker-text.js';

/** @typedef {{ readonly bytes: Uint8Array | null, readonly type?: string }} BodyContent */

/** @type {(init: unknown) => BodyContent} */
export function contentOf(init) {
  if (init === null || init === undefined) return { bytes: null };
  const bytes = bytesOf(init);
  if (bytes !== undefined) return { bytes: new natives.Uint8Array(bytes) };
  const isForm = init instanceof URLSearchParams;
  const type = isForm ? 'application/x-www-form-urlencoded;charset=UTF-8' : 'text/plain;charset=UTF-8';
  return { bytes: encodeUtf8('' + init), type };
}

/** Takes a body for sending, which counts as reading it. @type {(body: Body) => Uint8Array | null} */
export let takeBody;

/** Looks at a body that has not been read. @type {(body: Body) => Uint8Array | null} */
export let peekBody;

export class Body {
  #bytes;
  #isUsed = false;

  constructor(/** @type {Uint8Array | null} */ bytes) {
    this.#bytes = bytes;
  }

  static {
    takeBody = (body) => body.#take();
    peekBody = (body) => body.#look();
  }

  #look() {
    if (this.#isUsed) throw new natives.TypeError('Body is unusable: it has been read already');
    return this.#bytes;
  }

  #take() {
    const bytes = this.#look();
    this.#isUsed = bytes !== null;
    return bytes;
  }

  #takeCopy() {
    const bytes = this.#take();
    return bytes === null ? new natives.Uint8Array(0) : new natives.Uint8Array(bytes);
  }

  get bodyUsed() {
    return this.#isUsed;
  }

  async text() {
    const bytes = this.#take();
    return bytes === null ? '' : decodeUtf8(bytes);
  }

  async json() {
    const bytes = this.#take();
    return jsonParse(bytes === null ? '' : decodeUtf8(bytes));
  }

  async arrayBuffer() {
    return typedArrayBuffer(this.#takeCopy());
  }

  async bytes() {
    return this.#takeCopy();
  }
}
