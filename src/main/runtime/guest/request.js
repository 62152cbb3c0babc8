// @ts-check
/** `Request`: what to fetch, checked as far as that is possible without the host, which checks it again. */
import { isAbortSignal } from './abort.js';
import { Body, contentOf, peekBody, takeBody } from './body.js';
import { defineTag } from './define.js';
import { Headers } from './headers.js';
import { natives, stringToUpperCase } from './primordials.js';
import { anonymousHref, URL } from './url.js';

/** @typedef {import('./abort.js').AbortSignal} AbortSignal */
/**
 * @typedef {{
 *   readonly url: string,
 *   readonly method: string,
 *   readonly redirect: string,
 *   readonly headers: Headers,
 *   readonly signal: AbortSignal | null,
 *   readonly bytes: Uint8Array | null,
 * }} Parts
 */

/** @type {(request: Request) => Parts} */
let partsOf;
/** @type {(value: unknown) => boolean} */
let isRequest;

export class Request extends Body {
  #parts;

  constructor(/** @type {unknown} */ input, /** @type {Record<string, unknown>} */ init = {}) {
    const parts = newParts(input, init ?? {});
    super(parts.bytes);
    this.#parts = parts;
  }

  static {
    partsOf = (request) => request.#parts;
    isRequest = (value) => typeof value === 'object' && value !== null && #parts in value;
    defineTag(Request);
  }

  get url() {
    return this.#parts.url;
  }

  get method() {
    return this.#parts.method;
  }

  get headers() {
    return this.#parts.headers;
  }

  get redirect() {
    return this.#parts.redirect;
  }

  get signal() {
    return this.#parts.signal;
  }

  clone() {
    const { url, method, redirect, headers, signal } = this.#parts;
    return new Request(url, { method, redirect, headers, signal, body: peekBody(this) });
  }
}

/** What a request says of itself, for the host; its body counts as read. */
export function takeParts(/** @type {Request} */ request) {
  return { parts: partsOf(request), bytes: takeBody(request) };
}

/** @type {(input: unknown, init: Record<string, unknown>) => Parts} */
function newParts(input, init) {
  const from = isRequest(input) ? partsOf(/** @type {Request} */ (input)) : undefined;
  const method = methodOf(init.method ?? from?.method ?? 'GET');
  const headers = new Headers(init.headers ?? from?.headers);
  const bytes =
    bodyOf(init.body, headers) ??
    (from === undefined || init.body !== undefined ? null : takeBody(/** @type {Request} */ (input)));
  if (bytes !== null && (method === 'GET' || method === 'HEAD')) {
    throw new natives.TypeError('A request with the method ' + method + ' cannot have a body');
  }
  const redirect = redirectOf(init.redirect ?? from?.redirect ?? 'follow');
  const signal = signalOf(init.signal === undefined ? from?.signal : init.signal);
  return { url: from?.url ?? urlOf(input), method, headers, redirect, signal, bytes };
}

function urlOf(/** @type {unknown} */ input) {
  const href = anonymousHref(new URL(input));
  if (href !== undefined) return href;
  throw new natives.TypeError('A URL to fetch cannot have a user name or password; send an Authorization header');
}

/** @type {(body: unknown, headers: Headers) => Uint8Array | null} */
function bodyOf(body, headers) {
  const { bytes, type } = contentOf(body);
  if (type !== undefined && !headers.has('content-type')) headers.append('content-type', type);
  return bytes;
}

/** The usual ones in capitals, others as they are written. */
function methodOf(/** @type {unknown} */ method) {
  const text = '' + method;
  const capitals = stringToUpperCase(text);
  if (capitals === 'CONNECT' || capitals === 'TRACE' || capitals === 'TRACK') {
    throw new natives.TypeError('The method ' + capitals + ' cannot be fetched');
  }
  return isUsual(capitals) ? capitals : text;
}

const isUsual = (/** @type {string} */ method) =>
  method === 'GET' ||
  method === 'HEAD' ||
  method === 'POST' ||
  method === 'PUT' ||
  method === 'DELETE' ||
  method === 'OPTIONS';

function redirectOf(/** @type {unknown} */ redirect) {
  const text = '' + redirect;
  if (text === 'follow' || text === 'manual' || text === 'error') return text;
  throw new natives.TypeError('The option "redirect" is "follow", "manual" or "error"');
}

/** @type {(signal: unknown) => AbortSignal | null} */
function signalOf(signal) {
  if (signal === null || signal === undefined) return null;
  if (isAbortSignal(signal)) return /** @type {AbortSignal} */ (signal);
  throw new natives.TypeError('The option "signal" must be an AbortSignal');
}
