// @ts-check
/**
 * Calls from the guest to services of the host, such as `readFile` of `fs`: answered at once as far as the guest can
 * see, or by a promise. What the host refuses is thrown as an error of the guest. Between the moment a call is put into
 * words and the moment its answer is here as a whole, no code of the guest runs, whatever it did to prototypes.
 */
import { askHost, askHostRaw } from './host.js';
import { plainJson } from './plain-json.js';
import {
  bareList,
  defineProperty,
  hasOwn,
  jsonParse,
  mapClear,
  mapDelete,
  mapGet,
  mapSet,
  natives,
  ownKeys,
  toNumber,
} from './primordials.js';

/**
 * What may be large goes beside the argument, not in it: bytes or a text, one of them, and a text comes back beside the
 * value, in this encoding of Node's, or in UTF-8.
 * @typedef {{ readonly service: string, readonly operation: string, readonly argument: unknown, readonly bytes?: ArrayBuffer | undefined, readonly text?: string | undefined, readonly encoding?: string | undefined }} Call
 */
/** @typedef {{ readonly value: unknown, readonly bytes: ArrayBuffer | undefined, readonly text: string | undefined }} Reply */
/** @typedef {{ readonly name: string, readonly message: string, readonly fields: Record<string, unknown> }} CallError */
/** @typedef {{ readonly resolve: (reply: Reply) => void, readonly reject: (error: Error) => void }} Promised */
/** @typedef {{ readonly promised: Promised, readonly encoding: string }} Waiting */

/** @type {Map<number, Waiting>} */
const waiting = new natives.Map();

/**
 * Asks the host and waits for its answer.
 * @type {(call: Call) => Reply}
 */
export function callHost(call) {
  const { text, beside, encoding } = partsOf(call);
  const end = endOf(askHostRaw('call.ask', text, beside), encoding);
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
 * @type {(call: Call, promised: Promised) => void}
 */
export function beginCall(call, promised) {
  const { text, beside, encoding } = partsOf(call);
  const id = toNumber(askHostRaw('call.start', text, beside));
  mapSet(waiting, id, { promised, encoding });
}

/** The host has answered a call that was started. */
export function settleCall(/** @type {number} */ id, /** @type {string} */ json) {
  const call = mapGet(waiting, id);
  mapDelete(waiting, id);
  if (call === undefined) return;
  const end = endOf(json, call.encoding);
  if (end.error === undefined) call.promised.resolve(end.reply);
  else call.promised.reject(end.error);
}

/**
 * What an operation of the worker answered: its value, or its refusal thrown.
 * @type {(json: unknown) => unknown}
 */
export function unwrap(json) {
  const end = jsonParse(/** @type {string} */ (json));
  if (hasOwn(end, 'error')) throw toError(end.error);
  return end.value;
}

/** Forgets every call that nobody will answer. */
export function dropCalls() {
  mapClear(waiting);
}

/** The call in words, which the worker need not read to pass them on, and what goes beside them. */
function partsOf(/** @type {Call} */ call) {
  const { service, operation, argument, bytes, text, encoding = 'utf8' } = bare(call);
  const kind = bytes !== undefined ? 'bytes' : text !== undefined ? 'text' : 'nothing';
  const beside = bytes !== undefined ? bytes : text;
  return { text: service + ' ' + operation + ' ' + kind + ' ' + plainJson(argument), beside, encoding };
}

/** Without what a guest may have put on Object.prototype. @type {<Parts extends object>(parts: Parts) => Parts} */
const bare = (parts) => ({ __proto__: null, ...parts });

/** @type {(json: unknown, encoding: string) => { readonly reply: Reply, readonly error: undefined } | { readonly error: Error }} */
function endOf(json, encoding) {
  const end = jsonParse(/** @type {string} */ (json));
  if (hasOwn(end, 'error')) return { error: toError(end.error) };
  const { id, value, hasBytes, hasText } = end;
  const bytes = hasBytes === true ? /** @type {ArrayBuffer} */ (askHost('call.bytes', id)) : undefined;
  const text = hasText === true ? takeText(id, encoding) : undefined;
  return { error: undefined, reply: bare({ value, bytes, text }) };
}

/** @type {(id: number, encoding: string) => string} */
const takeText = (id, encoding) => /** @type {string} */ (askHostRaw('call.text', plainJson(bareList([id, encoding]))));

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
