// @ts-check
/** `Headers` as fetch has them: lower-case names, values joined by commas, but for cookies that are set. */
import { defineHidden, defineTag } from './define.js';
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
  stringCodeUnitAt,
  stringIncludes,
  stringSlice,
  stringToLowerCase,
} from './primordials.js';

/** @typedef {{ readonly name: string, readonly value: string }} Header */

/** What a name may have beside letters and digits. */
const tokenMarks = "!#$%&'*+-.^_`|~";
const setCookie = 'set-cookie';

/** @type {(name: unknown) => string} */
function checkedName(name) {
  const text = '' + name;
  for (let index = 0; index < text.length; index += 1) {
    if (!isTokenUnit(stringCodeUnitAt(text, index), text[index] ?? '')) throw badName(text);
  }
  if (text === '') throw badName(text);
  return stringToLowerCase(text);
}

/** @type {(unit: number, character: string) => boolean} */
const isTokenUnit = (unit, character) =>
  (unit >= 48 && unit <= 57) ||
  (unit >= 65 && unit <= 90) ||
  (unit >= 97 && unit <= 122) ||
  stringIncludes(tokenMarks, character);

const badName = (/** @type {string} */ name) =>
  new natives.TypeError('Invalid header name: "' + stringSlice(name, 0, 100) + '"');

/** @type {(value: unknown, name: string) => string} */
function checkedValue(value, name) {
  const text = trimmed('' + value);
  for (let index = 0; index < text.length; index += 1) {
    const unit = stringCodeUnitAt(text, index);
    if (unit === 0 || unit === 10 || unit === 13 || unit > 255) {
      throw new natives.TypeError('The header "' + name + '" has a character that no header may have');
    }
  }
  return text;
}

/** Without the blanks and line ends around it. */
function trimmed(/** @type {string} */ text) {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(stringCodeUnitAt(text, from))) from += 1;
  while (to > from && isBlank(stringCodeUnitAt(text, to - 1))) to -= 1;
  return stringSlice(text, from, to);
}

const isBlank = (/** @type {number} */ unit) => unit === 9 || unit === 10 || unit === 13 || unit === 32;

/** All of them, in the order they were added. @type {(headers: Headers) => readonly Header[]} */
export let listOf;

export class Headers {
  /** @type {Header[]} */
  #list = bareList([]);

  constructor(/** @type {unknown} */ init = undefined) {
    if (init === undefined || init === null) return;
    if (typeof init !== 'object') throw new natives.TypeError('Headers are made of an object or a list of pairs');
    if (#list in init) this.#addAll(/** @type {Headers} */ (init).#list);
    else if (isIterable(init)) forEachOf(init, (item) => this.#add(pairOf(item)));
    else this.#addRecord(init);
  }

  static {
    listOf = (headers) => headers.#list;
    defineHidden(Headers.prototype, iteratorKey, Headers.prototype.entries);
    defineTag(Headers);
  }

  #add(/** @type {{ name: unknown, value: unknown }} */ header) {
    const name = checkedName(header.name);
    append(this.#list, { name, value: checkedValue(header.value, name) });
  }

  #addAll(/** @type {Header[]} */ list) {
    for (let index = 0; index < list.length; index += 1) append(this.#list, /** @type {Header} */ (list[index]));
  }

  #addRecord(/** @type {object} */ record) {
    const keys = ownKeys(record);
    for (let index = 0; index < keys.length; index += 1) {
      const name = /** @type {string} */ (keys[index]);
      if (!hasOwnEnumerable(record, name)) continue;
      this.#add({ name, value: /** @type {Record<string, unknown>} */ (record)[name] });
    }
  }

  #without(/** @type {string} */ name) {
    /** @type {Header[]} */
    const kept = bareList([]);
    for (let index = 0; index < this.#list.length; index += 1) {
      const header = /** @type {Header} */ (this.#list[index]);
      if (header.name !== name) append(kept, header);
    }
    return kept;
  }

  /** As guests read them: by name, one entry each. */
  #combined() {
    /** @type {Header[]} */
    const combined = bareList([]);
    for (let index = 0; index < this.#list.length; index += 1) {
      const header = /** @type {Header} */ (this.#list[index]);
      const isFirst = this.#firstOf(header.name) === header;
      if (header.name === setCookie) append(combined, header);
      else if (isFirst) append(combined, { name: header.name, value: /** @type {string} */ (this.get(header.name)) });
    }
    arraySort(combined, byName);
    return combined;
  }

  #firstOf(/** @type {string} */ name) {
    for (let index = 0; index < this.#list.length; index += 1) {
      if (this.#list[index]?.name === name) return this.#list[index];
    }
    return undefined;
  }

  append(/** @type {unknown} */ name, /** @type {unknown} */ value) {
    this.#add({ name, value });
  }

  delete(/** @type {unknown} */ name) {
    this.#list = this.#without(checkedName(name));
  }

  get(/** @type {unknown} */ name) {
    const wanted = checkedName(name);
    /** @type {string | null} */
    let joined = null;
    for (let index = 0; index < this.#list.length; index += 1) {
      const header = /** @type {Header} */ (this.#list[index]);
      if (header.name === wanted) joined = joined === null ? header.value : joined + ', ' + header.value;
    }
    return joined;
  }

  getSetCookie() {
    /** @type {string[]} */
    const values = bareList([]);
    for (let index = 0; index < this.#list.length; index += 1) {
      const header = /** @type {Header} */ (this.#list[index]);
      if (header.name === setCookie) append(values, header.value);
    }
    return plainArray(values);
  }

  has(/** @type {unknown} */ name) {
    return this.#firstOf(checkedName(name)) !== undefined;
  }

  set(/** @type {unknown} */ name, /** @type {unknown} */ value) {
    const key = checkedName(name);
    const header = { name: key, value: checkedValue(value, key) };
    this.#list = this.#without(key);
    append(this.#list, header);
  }

  forEach(/** @type {Function} */ callback, /** @type {unknown} */ self = undefined) {
    const combined = this.#combined();
    for (let index = 0; index < combined.length; index += 1) {
      const { name, value } = /** @type {Header} */ (combined[index]);
      apply(callback, self, bareList([value, name, this]));
    }
  }

  *entries() {
    const combined = this.#combined();
    for (let index = 0; index < combined.length; index += 1) {
      const { name, value } = /** @type {Header} */ (combined[index]);
      yield [name, value];
    }
  }

  *keys() {
    const combined = this.#combined();
    for (let index = 0; index < combined.length; index += 1) yield combined[index]?.name;
  }

  *values() {
    const combined = this.#combined();
    for (let index = 0; index < combined.length; index += 1) yield combined[index]?.value;
  }
}

const byName = (/** @type {Header} */ left, /** @type {Header} */ right) =>
  left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
