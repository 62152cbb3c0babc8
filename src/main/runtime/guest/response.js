// @ts-check
/** `Response`: what came back, whole. */
import { Body, contentOf, peekBody } from './body.js';
import { defineTag } from './define.js';
import { Headers } from './headers.js';
import { jsonStringify, natives, toNumber } from './primordials.js';
import { URL } from './url.js';

/** @typedef {{ status: number, statusText: string, headers: Headers, url: string, redirected: boolean, type: string, bytes: Uint8Array | null }} Parts */

/** A response of the network's, which may have what a guest's cannot. @type {(parts: Parts) => Response} */
export let newResponse;

/** The parts that the constructor takes from `newResponse`, and from nobody else. @type {Parts | undefined} */
let givenParts;

export class Response extends Body {
  #parts;

  constructor(/** @type {unknown} */ body = null, /** @type {Record<string, unknown>} */ init = {}) {
    const parts = givenParts ?? newParts(body, init ?? {});
    givenParts = undefined;
    super(parts.bytes);
    this.#parts = parts;
  }

  static {
    newResponse = (parts) => {
      givenParts = parts;
      return new Response();
    };
    defineTag(Response);
  }

  static json(/** @type {unknown} */ data, /** @type {Record<string, unknown>} */ init = {}) {
    const text = jsonStringify(data);
    if (text === undefined) throw new natives.TypeError('This value has no JSON');
    const headers = new Headers(init?.headers);
    if (!headers.has('content-type')) headers.append('content-type', 'application/json');
    return new Response(text, { status: init?.status, statusText: init?.statusText, headers });
  }

  static redirect(/** @type {unknown} */ url, /** @type {unknown} */ status = 302) {
    const headers = new Headers();
    headers.append('location', new URL(url).toString());
    return new Response(null, { status, headers });
  }

  static error() {
    const headers = new Headers();
    return newResponse({ status: 0, statusText: '', headers, url: '', redirected: false, type: 'error', bytes: null });
  }

  get status() {
    return this.#parts.status;
  }

  get ok() {
    return this.#parts.status >= 200 && this.#parts.status <= 299;
  }

  get statusText() {
    return this.#parts.statusText;
  }

  get headers() {
    return this.#parts.headers;
  }

  get url() {
    return this.#parts.url;
  }

  get redirected() {
    return this.#parts.redirected;
  }

  get type() {
    return this.#parts.type;
  }

  clone() {
    const { status, statusText, headers, url, redirected, type } = this.#parts;
    const bytes = peekBody(this);
    return newResponse({ status, statusText, headers: new Headers(headers), url, redirected, type, bytes });
  }
}

/** @type {(body: unknown, init: Record<string, unknown>) => Parts} */
function newParts(body, init) {
  const status = init.status === undefined ? 200 : toNumber(init.status);
  if (!(status >= 200 && status <= 599)) throw new natives.RangeError('The status must be from 200 to 599');
  const headers = new Headers(init.headers);
  const { bytes, type } = contentOf(body);
  if (bytes !== null && (status === 204 || status === 205 || status === 304)) {
    throw new natives.TypeError('A response with the status ' + status + ' cannot have a body');
  }
  if (type !== undefined && !headers.has('content-type')) headers.append('content-type', type);
  const statusText = init.statusText === undefined ? '' : '' + init.statusText;
  return { status, statusText, headers, url: '', redirected: false, type: 'default', bytes };
}
