// @ts-check
/**
 * JSON of data that the prelude itself has put together: texts, numbers, booleans, lists, records. Unlike JSON.stringify
 * it runs no code of the guest's: it asks for no `toJSON`, and neither it nor the engine beneath meets a setter on a
 * prototype. What is too long for the host is refused here, before any of it leaves the guest.
 */
import { isArray, jsonStringify, natives, ownKeys } from './primordials.js';

/** What the host takes, in UTF-16 units: maxCallJson of call-port. */
const maxLength = 256 * 1024;

/** @type {(value: unknown) => string} */
export function plainJson(value) {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return textJson(value);
  if (typeof value === 'number' || typeof value === 'boolean') return jsonStringify(value);
  if (typeof value !== 'object') throw new natives.TypeError('A value of type ' + typeof value + ' cannot be sent');
  return isArray(value) ? listJson(value) : recordJson(/** @type {Record<string, unknown>} */ (value));
}

function textJson(/** @type {string} */ text) {
  checkLength(text.length);
  return jsonStringify(text);
}

function listJson(/** @type {readonly unknown[]} */ list) {
  let json = '[';
  for (let index = 0; index < list.length; index += 1) {
    json += (index === 0 ? '' : ',') + plainJson(list[index]);
    checkLength(json.length);
  }
  return json + ']';
}

/** Keys without a value are left out, as JSON.stringify does it. */
function recordJson(/** @type {Record<string, unknown>} */ record) {
  const keys = ownKeys(record);
  let json = '';
  for (let index = 0; index < keys.length; index += 1) {
    const key = /** @type {string} */ (keys[index]);
    if (record[key] === undefined) continue;
    json += (json === '' ? '' : ',') + textJson(key) + ':' + plainJson(record[key]);
    checkLength(json.length);
  }
  return '{' + json + '}';
}

function checkLength(/** @type {number} */ length) {
  if (length <= maxLength) return;
  throw new natives.RangeError(
    'A call to the host takes at most ' +
      maxLength +
      ' characters beside its data: use shorter texts, or several calls',
  );
}
