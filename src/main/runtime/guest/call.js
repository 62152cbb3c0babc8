// @ts-check
/**
 * Calls from the guest to services of the host, such as `readFile` of `fs`: answered at once as far as the guest can
 * see, or by a promise. What the host refuses is thrown as an error of the guest.
 */
import { askHost } from './host.js';
import {
  defineProperty,
  jsonParse,
  mapClear,
  mapDelete,
  mapGet,
  mapSet,
  natives,
  ownKeys,
  toNumber,
} from './primordials.js';

/** @typedef {{ readonly service: string, readonly operation: string, readonly argument: unknown, readonly bytes?: ArrayBuffer }} Call */
/** @typedef {{ readonly value: unknown, readonly bytes: ArrayBuffer | undefined }} Reply */
/** @typedef {{ readonly name: string, readonly message: string, readonly fields: Record<string, unknown> }} CallError */
/** @typedef {{ readonly resolve: (reply: Reply) => void, readonly reject: (error: Error) => void }} Waiting */

/** @type {Map<number, Waiting>} */
const waiting = new natives.Map();

/**
 * Asks the host and waits for its answer.
 * @type {(call: Call) => Reply}
 */
export function callHost(call) {
  const end = endOf(askHost('call.ask', callText(call), call.bytes));
  if (end.error === undefined) return end.reply;
  throw end.error;
}

/**
 * Asks the host for something that takes a while.
 * @type {(call: Call) => Promise<Reply>}
 */
export function startCall(call) {
  return new natives.Promise((resolve, reject) => beginCall(call, { resolve, reject }));
}

/**
 * As `startCall`, for a promise of the caller's own: what awaits a promise can be meddled with by guests.
 * @type {(call: Call, promise: Waiting) => void}
 */
export function beginCall(call, promise) {
  const id = toNumber(askHost('call.start', callText(call), call.bytes));
  mapSet(waiting, id, promise);
}

/** The host has answered a call that was started. */
export function settleCall(/** @type {number} */ id, /** @type {string} */ json) {
  const end = endOf(json);
  const promise = mapGet(waiting, id);
  mapDelete(waiting, id);
  if (promise === undefined) return;
  if (end.error === undefined) promise.resolve(end.reply);
  else promise.reject(end.error);
}

/**
 * What an operation of the worker answered: its value, or its refusal thrown.
 * @type {(json: unknown) => unknown}
 */
export function unwrap(json) {
  const end = endOf(json);
  if (end.error === undefined) return end.reply.value;
  throw end.error;
}

/** Forgets every call that nobody will answer. */
export function dropCalls() {
  mapClear(waiting);
}

function callText(/** @type {Call} */ { service, operation, argument, bytes }) {
  const given = argument === undefined ? null : argument;
  return { __proto__: null, service, operation, argument: given, hasBytes: bytes !== undefined };
}

/** @returns {{ readonly reply: Reply, readonly error?: undefined } | { readonly error: Error }} */
function endOf(/** @type {unknown} */ json) {
  /** @type {{ value?: unknown, hasBytes?: boolean, error?: CallError }} */
  const end = jsonParse(/** @type {string} */ (json));
  if (end.error !== undefined) return { error: toError(end.error) };
  const bytes = end.hasBytes === true ? /** @type {ArrayBuffer} */ (askHost('call.bytes', null)) : undefined;
  return { reply: { value: end.value, bytes } };
}

function toError(/** @type {CallError} */ { name, message, fields }) {
  const error =
    name === 'TypeError'
      ? new natives.TypeError(message)
      : name === 'RangeError'
        ? new natives.RangeError(message)
        : new natives.Error(message);
  const keys = ownKeys(fields);
  for (let index = 0; index < keys.length; index += 1) {
    const key = /** @type {string} */ (keys[index]);
    const descriptor = { configurable: true, enumerable: true, writable: true, value: fields[key] };
    defineProperty(error, key, /** @type {PropertyDescriptor} */ ({ __proto__: null, ...descriptor }));
  }
  return error;
}
