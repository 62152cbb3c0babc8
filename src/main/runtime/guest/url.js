// @ts-check
/**
 * `URL` and `URLSearchParams`. The worker takes URLs apart and puts them together, as Node does; what an object is lives
 * here, in texts.
 */
import { defineAccessor, defineHidden, defineTag } from './define.js';
import { forEachOf, isIterable, pairOf } from './iteration.js';
import {
  append,
  apply,
  arraySort,
  bareList,
  hasOwnEnumerable,
  iteratorKey,
  natives,
  ownKeys,
  plainArray,
  stringSlice,
  stringStartsWith,
  stringToWellFormed,
} from './primordials.js';
import { askWorker, askWorkerList, checkLength } from './worker-text.js';

/** In the order in which the worker tells them. */
const partNames = bareList([
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
]);
const searchPart = 9;

const text = (/** @type {unknown} */ value) => stringToWellFormed('' + value);

/** @type {(input: string, base: unknown) => string[] | null} */
function parse(input, base) {
  checkLength(input, 'A URL');
  const given = base === undefined ? null : text(base);
  if (given !== null) checkLength(given, 'A URL');
  return askWorkerList('url.parse', bareList([input, given]));
}

function invalidUrl(/** @type {string} */ input) {
  const error = new natives.TypeError('Invalid URL: ' + stringSlice(input, 0, 200));
  defineHidden(error, 'code', 'ERR_INVALID_URL');
  return error;
}

/** What the two classes may do to each other, and nobody else. */
/** @type {(url: URL, query: string) => URLSearchParams} */
let linkQuery;
/** @type {(params: URLSearchParams, query: string) => void} */
let rereadQuery;
/** @type {(url: URL, query: string) => void} */
let writeQuery;

function copy(/** @type {string[]} */ list) {
  /** @type {string[]} */
  const items = bareList([]);
  for (let index = 0; index < list.length; index += 1) append(items, /** @type {string} */ (list[index]));
  return items;
}

export class URLSearchParams {
  /** Names and values in turn. @type {string[]} */
  #flat = bareList([]);
  /** The URL whose query this is. @type {URL | undefined} */
  #url;

  constructor(/** @type {unknown} */ init = undefined) {
    if (init === undefined) return;
    if (typeof init !== 'object' && typeof init !== 'function') this.#read(text(init));
    else if (init === null) this.#read('null');
    else if (#flat in init) this.#flat = copy(/** @type {URLSearchParams} */ (init).#flat);
    else if (isIterable(init)) forEachOf(init, (item) => this.#addPair(pairOf(item)));
    else this.#addRecord(init);
  }

  /** @type {(url: URL, query: string) => URLSearchParams} */
  static #ofUrl(url, query) {
    const params = new URLSearchParams(query);
    params.#url = url;
    return params;
  }

  static {
    linkQuery = URLSearchParams.#ofUrl;
    rereadQuery = (params, query) => params.#read(query);
    defineHidden(URLSearchParams.prototype, iteratorKey, URLSearchParams.prototype.entries);
    defineTag(URLSearchParams);
  }

  #read(/** @type {string} */ query) {
    const plain = stringStartsWith(query, '?') ? stringSlice(query, 1) : query;
    checkLength(plain, 'A query');
    this.#flat = plain === '' ? bareList([]) : bareList(askWorker('query.parse', plain));
  }

  #addPair(/** @type {{ name: string, value: string }} */ { name, value }) {
    append(this.#flat, text(name));
    append(this.#flat, text(value));
  }

  #addRecord(/** @type {object} */ record) {
    const keys = ownKeys(record);
    for (let index = 0; index < keys.length; index += 1) {
      const key = /** @type {string} */ (keys[index]);
      if (hasOwnEnumerable(record, key)) {
        this.#addPair({ name: text(key), value: text(/** @type {Record<string, unknown>} */ (record)[key]) });
      }
    }
  }

  #changed() {
    if (this.#url !== undefined) writeQuery(this.#url, this.toString());
  }

  /** Keeps the pairs for which the test says so. */
  #keep(/** @type {(name: string, value: string) => boolean} */ isKept) {
    /** @type {string[]} */
    const kept = bareList([]);
    for (let index = 0; index < this.#flat.length; index += 2) {
      const name = /** @type {string} */ (this.#flat[index]);
      const value = /** @type {string} */ (this.#flat[index + 1]);
      if (!isKept(name, value)) continue;
      append(kept, name);
      append(kept, value);
    }
    this.#flat = kept;
  }

  get size() {
    return this.#flat.length / 2;
  }

  append(/** @type {unknown} */ name, /** @type {unknown} */ value) {
    this.#addPair({ name: text(name), value: text(value) });
    this.#changed();
  }

  delete(/** @type {unknown} */ name, /** @type {unknown} */ value = undefined) {
    const wanted = text(name);
    const only = value === undefined ? undefined : text(value);
    this.#keep((one, its) => one !== wanted || (only !== undefined && its !== only));
    this.#changed();
  }

  get(/** @type {unknown} */ name) {
    const wanted = text(name);
    for (let index = 0; index < this.#flat.length; index += 2) {
      if (this.#flat[index] === wanted) return this.#flat[index + 1];
    }
    return null;
  }

  getAll(/** @type {unknown} */ name) {
    const wanted = text(name);
    /** @type {string[]} */
    const found = bareList([]);
    for (let index = 0; index < this.#flat.length; index += 2) {
      if (this.#flat[index] === wanted) append(found, /** @type {string} */ (this.#flat[index + 1]));
    }
    return plainArray(found);
  }

  has(/** @type {unknown} */ name, /** @type {unknown} */ value = undefined) {
    const wanted = text(name);
    const only = value === undefined ? undefined : text(value);
    for (let index = 0; index < this.#flat.length; index += 2) {
      if (this.#flat[index] === wanted && (only === undefined || this.#flat[index + 1] === only)) return true;
    }
    return false;
  }

  set(/** @type {unknown} */ name, /** @type {unknown} */ value) {
    const wanted = text(name);
    const wantedValue = text(value);
    let isSet = false;
    for (let index = 0; index < this.#flat.length && !isSet; index += 2) {
      if (this.#flat[index] !== wanted) continue;
      this.#flat[index + 1] = wantedValue;
      isSet = true;
      const first = index;
      let at = -2;
      this.#keep((one) => {
        at += 2;
        return at <= first || one !== wanted;
      });
    }
    if (!isSet) this.#addPair({ name: wanted, value: wantedValue });
    this.#changed();
  }

  sort() {
    /** @type {{ name: string, value: string }[]} */
    const pairs = bareList([]);
    for (let index = 0; index < this.#flat.length; index += 2) {
      append(pairs, { name: this.#flat[index] ?? '', value: this.#flat[index + 1] ?? '' });
    }
    arraySort(pairs, (/** @type {{ name: string }} */ left, /** @type {{ name: string }} */ right) =>
      left.name < right.name ? -1 : left.name > right.name ? 1 : 0,
    );
    this.#flat = bareList([]);
    for (let index = 0; index < pairs.length; index += 1) this.#addPair(pairs[index] ?? { name: '', value: '' });
    this.#changed();
  }

  forEach(/** @type {Function} */ callback, /** @type {unknown} */ self = undefined) {
    if (typeof callback !== 'function') throw new natives.TypeError('The callback must be a function');
    for (let index = 0; index < this.#flat.length; index += 2) {
      apply(callback, self, bareList([this.#flat[index + 1], this.#flat[index], this]));
    }
  }

  *entries() {
    for (let index = 0; index < this.#flat.length; index += 2) {
      yield/** @type {[string, string]} */ ([this.#flat[index], this.#flat[index + 1]]);
    }
  }

  *keys() {
    for (let index = 0; index < this.#flat.length; index += 2) yield this.#flat[index];
  }

  *values() {
    for (let index = 0; index < this.#flat.length; index += 2) yield this.#flat[index + 1];
  }

  toString() {
    return this.#flat.length === 0 ? '' : askWorkerList('query.write', this.#flat);
  }
}

/** Its text, and undefined where it holds a user name or a password. @type {(url: URL) => string | undefined} */
export let anonymousHref;

export class URL {
  /** @type {string[]} */
  #parts;
  /** @type {URLSearchParams | undefined} */
  #query;

  constructor(/** @type {unknown} */ input, /** @type {unknown} */ base = undefined) {
    const given = text(input);
    const parts = parse(given, base);
    if (parts === null) throw invalidUrl(given);
    this.#parts = parts;
  }

  static canParse(/** @type {unknown} */ input, /** @type {unknown} */ base = undefined) {
    return parse(text(input), base) !== null;
  }

  static parse(/** @type {unknown} */ input, /** @type {unknown} */ base = undefined) {
    return URL.canParse(input, base) ? new URL(input, base) : null;
  }

  static {
    writeQuery = (url, query) => {
      url.#parts = askWorkerList('url.set', bareList([url.#parts[0], 'search', query]));
    };
    anonymousHref = (url) => (url.#parts[3] === '' && url.#parts[4] === '' ? url.#parts[0] : undefined);
    for (let index = 0; index < partNames.length; index += 1) URL.#definePart(index);
    defineTag(URL);
  }

  static #definePart(/** @type {number} */ index) {
    const name = /** @type {string} */ (partNames[index]);
    const accessor = {
      /** @this {URL} */
      get() {
        return this.#parts[index];
      },
      /** @this {URL} */
      set(/** @type {unknown} */ value) {
        this.#set(name, text(value));
      },
    };
    defineAccessor(URL.prototype, name, accessor.get, name === 'origin' ? undefined : accessor.set);
  }

  #set(/** @type {string} */ name, /** @type {string} */ value) {
    checkLength(value, 'A URL');
    const parts =
      name === 'href' ? parse(value, undefined) : askWorkerList('url.set', bareList([this.#parts[0], name, value]));
    if (parts === null) throw invalidUrl(value);
    this.#parts = parts;
    if (this.#query !== undefined) rereadQuery(this.#query, this.#parts[searchPart] ?? '');
  }

  get searchParams() {
    this.#query ??= linkQuery(this, this.#parts[searchPart] ?? '');
    return this.#query;
  }

  toString() {
    return /** @type {string} */ (this.#parts[0]);
  }

  toJSON() {
    return /** @type {string} */ (this.#parts[0]);
  }
}
