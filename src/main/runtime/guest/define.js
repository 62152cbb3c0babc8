// @ts-check
/** Properties as classes of the web have them; the descriptors inherit nothing that a guest may have defined meanwhile. */
import { defineProperty, tagKey } from './primordials.js';

/** @type {(object: object, key: PropertyKey, value: unknown) => void} */
export function defineHidden(object, key, value) {
  const descriptor = { __proto__: null, configurable: true, enumerable: false, writable: true, value };
  defineProperty(object, key, /** @type {PropertyDescriptor} */ (descriptor));
}

/** @type {(object: object, key: PropertyKey, get: () => unknown, set?: (value: unknown) => void) => void} */
export function defineAccessor(object, key, get, set) {
  const descriptor = { __proto__: null, configurable: true, enumerable: true, get, set };
  defineProperty(object, key, /** @type {PropertyDescriptor} */ (descriptor));
}

/** What Object.prototype.toString says of a class's objects. */
export function defineTag(/** @type {Function} */ maker) {
  const descriptor = {
    __proto__: null,
    configurable: true,
    enumerable: false,
    writable: false,
    value: maker.name,
  };
  defineProperty(maker.prototype, tagKey, /** @type {PropertyDescriptor} */ (descriptor));
}
