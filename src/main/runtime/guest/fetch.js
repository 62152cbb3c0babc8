// @ts-check
/** `fetch`: the host makes the request, by what the template grants, and answers with the whole response. */
import { onAborted } from './abort.js';
import { beginCall } from './call.js';
import { Headers, listOf } from './headers.js';
import { append, bareList, natives, typedArrayBuffer } from './primordials.js';
import { Request, takeParts } from './request.js';
import { newResponse } from './response.js';

/** @typedef {{ status: number, statusText: string, headers: [string, string][], url: string, redirected: boolean }} Head */
/** @typedef {{ readonly resolve: (response: unknown) => void, readonly reject: (reason: unknown) => void }} Promised */

let lastKey = 0;

export function fetch(/** @type {unknown} */ input, /** @type {Record<string, unknown>} */ init = {}) {
  return new natives.Promise((resolve, reject) => {
    const request = new Request(input, init);
    const { signal } = request;
    if (signal?.aborted === true) reject(signal.reason);
    else send(request, { resolve, reject });
  });
}

function send(/** @type {Request} */ request, /** @type {Promised} */ { resolve, reject }) {
  lastKey += 1;
  const key = lastKey;
  let isSettled = false;
  beginCall(callOf(request, key), {
    resolve: (reply) => {
      isSettled = true;
      resolve(toResponse(/** @type {Head} */ (reply.value), reply.bytes));
    },
    reject: (error) => {
      isSettled = true;
      reject(error);
    },
  });
  const { signal } = request;
  if (signal === null) return;
  onAborted(signal, () => {
    if (isSettled) return;
    reject(signal.reason);
    giveUp(key);
  });
}

/** @type {(request: Request, key: number) => import('./call.js').Call} */
function callOf(request, key) {
  const { parts, bytes } = takeParts(request);
  const { url, method, headers, redirect } = parts;
  const argument = { __proto__: null, key, url, method, headers: pairsOf(headers), redirect };
  const call = { service: 'fetch', operation: 'request', argument };
  if (bytes === null) return call;
  const { service, operation } = call;
  return { service, operation, argument, bytes: /** @type {ArrayBuffer} */ (typedArrayBuffer(bytes)) };
}

/** Tells the host that nobody wants the answer any more; it refuses the request then, at once. */
function giveUp(/** @type {number} */ key) {
  const ignore = () => undefined;
  const argument = { __proto__: null, key };
  try {
    beginCall({ service: 'fetch', operation: 'abort', argument }, { resolve: ignore, reject: ignore });
  } catch {
    // Too many calls at once: the request ends by itself.
  }
}

function pairsOf(/** @type {Headers} */ headers) {
  const list = listOf(headers);
  /** @type {(string | undefined)[][]} */
  const pairs = bareList([]);
  for (let index = 0; index < list.length; index += 1) {
    append(pairs, bareList([list[index]?.name, list[index]?.value]));
  }
  return pairs;
}

/** @type {(head: Head, body: ArrayBuffer | undefined) => import('./response.js').Response} */
function toResponse({ status, statusText, headers: pairs, url, redirected }, body) {
  const headers = new Headers(pairs);
  const bytes = body === undefined ? null : new natives.Uint8Array(body);
  return newResponse({ status, statusText, headers, url, redirected, type: 'basic', bytes });
}
