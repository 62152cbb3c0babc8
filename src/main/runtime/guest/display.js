// @ts-check
/**
 * `display`: shows one thing in several forms, by MIME type, as one event of its own. A form is a text, an image as
 * bytes, or JSON; every bundle has plain text too, for whoever can show nothing else. What makes no sense is refused by
 * name, so that nobody wonders why nothing is to be seen.
 */
import { bytesOf } from './bytes.js';
import { defineHidden } from './define.js';
import { askHost, tellHost } from './host.js';
import { inspect, display as previewOf } from './inspect.js';
import { jsonText } from './json-text.js';
import { dataProperty, isListOfObjects, kindOfObject } from './kind.js';
import {
  append,
  bareList,
  globalObject,
  hasOwnEnumerable,
  join,
  jsonParse,
  jsonStringify,
  natives,
  ownKeys,
  stringCodeUnitAt,
  stringEndsWith,
  stringIncludes,
  stringSlice,
  stringStartsWith,
  toText,
  typedArrayBuffer,
  typedArrayLength,
  typedArraySet,
} from './primordials.js';
import { cellsOf, readTable, tableText } from './table.js';

/** What one bundle may hold, in characters: as much as one event. */
const maxBundle = 4 * 1024 * 1024;
const tableType = 'application/vnd.vm-system.table+json';
const textTypes = bareList(['text/plain', 'text/html', 'text/markdown', 'image/svg+xml']);
const imageTypes = bareList(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** One form of a bundle: its type, and its value as JSON text. @typedef {{ readonly type: string, readonly json: string }} Form */

/** Puts `display` in place. */
export function installDisplay() {
  const methods = {
    html: (/** @type {unknown} */ text) => showOne('text/html', text),
    markdown: (/** @type {unknown} */ text) => showOne('text/markdown', text),
    svg: (/** @type {unknown} */ text) => showOne('image/svg+xml', text),
    json: (/** @type {unknown} */ value) => showOne('application/json', value),
    image: (/** @type {unknown} */ bytes, /** @type {unknown} */ type) =>
      showOne(type === undefined ? imageTypeOf(bytes) : toText(type), bytes),
    table: (/** @type {unknown} */ rows, /** @type {unknown} */ columns) => showTable(rows, columns),
  };
  const names = ownKeys(methods);
  for (let index = 0; index < names.length; index += 1) {
    const name = /** @type {keyof typeof methods} */ (names[index]);
    defineHidden(methods[name], 'name', name);
    defineHidden(show, name, methods[name]);
  }
  defineHidden(show, 'name', 'display');
  defineHidden(globalObject, 'display', show);
}

/** What guests call `display`.
 * @type {(value: unknown, metadata: unknown) => void} */
function show(value, metadata) {
  if (isBundle(value)) tell(formsOf(value), metadata);
  else if (isListOfObjects(value)) tell(tableForms(value, undefined), metadata);
  else tell(bareList([plainForm(previewOf(value))]), metadata);
}

/** @type {(type: string, value: unknown) => void} */
function showOne(type, value) {
  tell(bareList([formOf(type, value)]), undefined);
}

/** @type {(rows: unknown, columns: unknown) => void} */
function showTable(rows, columns) {
  tell(tableForms(rows, columns), undefined);
}

/** Whether every name of an object is a MIME type, and there is one. */
function isBundle(/** @type {unknown} */ value) {
  if (typeof value !== 'object' || value === null || kindOfObject(value) !== 'object') return false;
  const keys = ownKeys(value);
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    if (typeof key !== 'string' || !stringIncludes(key, '/')) return false;
  }
  return keys.length > 0;
}

/** @type {(bundle: unknown) => Form[]} */
function formsOf(bundle) {
  /** @type {Form[]} */
  const forms = bareList([]);
  const object = /** @type {object} */ (bundle);
  const types = ownKeys(object);
  for (let index = 0; index < types.length; index += 1) {
    const type = /** @type {string} */ (types[index]);
    if (hasOwnEnumerable(object, type)) append(forms, formOf(type, dataProperty(object, type)));
  }
  return forms;
}

/** @type {(rows: unknown, columns: unknown) => Form[]} */
function tableForms(rows, columns) {
  const table = readTable(rows, columns);
  if (table === undefined) return bareList([plainForm(previewOf(rows))]);
  return bareList([plainForm(tableText(table)), { type: tableType, json: jsonStringify(cellsOf(table)) }]);
}

/** @type {(text: string) => Form} */
const plainForm = (text) => ({ type: 'text/plain', json: jsonStringify(text) });

/** @type {(type: string, value: unknown) => Form} */
function formOf(type, value) {
  if (includes(textTypes, type)) return { type, json: jsonStringify(textOf(type, value)) };
  if (includes(imageTypes, type)) return { type, json: jsonStringify(base64Of(type, value)) };
  if (type === 'application/json' || (stringStartsWith(type, 'application/vnd.') && stringEndsWith(type, '+json'))) {
    return { type, json: jsonOf(type, value) };
  }
  throw new natives.TypeError(
    'display: ' +
      quoted(type) +
      ' is no type it can show. It takes ' +
      join(textTypes, ', ') +
      ', ' +
      join(imageTypes, ', ') +
      ', application/json and application/vnd.*+json.',
  );
}

const quoted = (/** @type {string} */ text) => inspect(text.length > 100 ? stringSlice(text, 0, 100) + '…' : text);

/** @type {(type: string, value: unknown) => string} */
function textOf(type, value) {
  if (typeof value !== 'string') throw new natives.TypeError('display: ' + type + ' must be a string');
  refuseLarge(value.length);
  return value;
}

/** @type {(type: string, value: unknown) => string} */
function jsonOf(type, value) {
  const json = jsonText(value, maxBundle);
  if (json !== undefined) return json;
  throw new natives.TypeError(
    'display: the value of ' + type + ' has no JSON, or more than ' + maxBundle + ' characters',
  );
}

/** @type {(type: string, value: unknown) => string} */
function base64Of(type, value) {
  if (typeof value === 'string') return base64Text(type, value);
  const bytes = bytesOf(value);
  if (bytes === undefined) {
    throw new natives.TypeError(
      'display: ' + type + ' must be bytes (a typed array or an ArrayBuffer) or a base64 string',
    );
  }
  const length = /** @type {number} */ (typedArrayLength(bytes));
  refuseLarge((length * 4) / 3);
  const copy = new natives.Uint8Array(length);
  typedArraySet(copy, bytes);
  return toText(askHost('bytes.base64', null, typedArrayBuffer(copy)));
}

/** @type {(type: string, text: string) => string} */
function base64Text(type, text) {
  refuseLarge(text.length);
  for (let index = 0; index < text.length; index += 1) {
    if (!isBase64(stringCodeUnitAt(text, index))) {
      throw new natives.TypeError('display: the string of ' + type + ' is no base64; hand over the bytes instead');
    }
  }
  return text;
}

const isBase64 = (/** @type {number} */ unit) =>
  (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || (unit >= 47 && unit <= 57) || unit === 43 || unit === 61;

/** @type {(bytes: unknown) => string} */
function imageTypeOf(bytes) {
  const first = bytesOf(bytes);
  const magic = first === undefined ? 0 : (first[0] ?? 0) * 256 + (first[1] ?? 0);
  if (magic === 0x8950) return 'image/png';
  if (magic === 0xffd8) return 'image/jpeg';
  if (magic === 0x4749) return 'image/gif';
  if (magic === 0x5249) return 'image/webp';
  throw new natives.TypeError(
    'display.image: these bytes are no PNG, JPEG, GIF or WebP; name their type as the second argument',
  );
}

/** @type {(forms: Form[], metadata: unknown) => void} */
function tell(forms, metadata) {
  if (!hasPlain(forms)) append(forms, plainForm(fallbackOf(/** @type {Form} */ (forms[0]))));
  let text = '';
  for (let index = 0; index < forms.length; index += 1) {
    const { type, json } = /** @type {Form} */ (forms[index]);
    text += (index === 0 ? '' : ',') + jsonStringify(type) + ':' + json;
    refuseLarge(text.length);
  }
  const extra = metadata === undefined ? '' : ',"metadata":' + metadataOf(metadata);
  refuseLarge(text.length + extra.length);
  tellHost('display', '{"data":{' + text + '}' + extra + '}');
}

/** @type {(metadata: unknown) => string} */
function metadataOf(metadata) {
  const json = jsonText(metadata, maxBundle);
  if (json !== undefined && stringStartsWith(json, '{')) return json;
  throw new natives.TypeError('display: metadata must be an object with JSON in it');
}

/** What stands for a form where only text can be shown: the text itself where people can read it. */
function fallbackOf(/** @type {Form} */ { type, json }) {
  if (type === 'text/markdown') return /** @type {string} */ (jsonParse(json));
  return stringEndsWith(type, 'json') ? json : '[' + type + ', ' + (json.length - 2) + ' characters]';
}

/** @type {(forms: Form[]) => boolean} */
function hasPlain(forms) {
  for (let index = 0; index < forms.length; index += 1) if (forms[index]?.type === 'text/plain') return true;
  return false;
}

function refuseLarge(/** @type {number} */ characters) {
  if (characters > maxBundle)
    throw new natives.RangeError('display: more than ' + maxBundle + ' characters in one bundle');
}

/** @type {(list: readonly string[], text: string) => boolean} */
function includes(list, text) {
  for (let index = 0; index < list.length; index += 1) if (list[index] === text) return true;
  return false;
}
