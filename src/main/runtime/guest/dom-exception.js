// @ts-check
/** `DOMException`: the errors of the web's own functions, known by their names. */
import { defineHidden, defineTag } from './define.js';
import { hasOwn, natives } from './primordials.js';

/** The numbers from before they had names. */
const codes = {
  __proto__: null,
  IndexSizeError: 1,
  NotFoundError: 8,
  NotSupportedError: 9,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidAccessError: 15,
  TypeMismatchError: 17,
  SecurityError: 18,
  NetworkError: 19,
  AbortError: 20,
  QuotaExceededError: 22,
  TimeoutError: 23,
  DataCloneError: 25,
  InvalidCharacterError: 5,
};

export class DOMException extends natives.Error {
  constructor(/** @type {unknown} */ message = '', /** @type {unknown} */ options = 'Error') {
    super('' + message);
    const isObject = typeof options === 'object' && options !== null;
    const { name = 'Error', cause } = /** @type {{ name?: unknown, cause?: unknown }} */ (isObject ? options : {});
    defineHidden(this, 'name', '' + (isObject ? name : options));
    if (isObject && hasOwn(options, 'cause')) defineHidden(this, 'cause', cause);
  }

  get code() {
    return /** @type {Record<string, unknown>} */ (codes)[this.name] ?? 0;
  }

  static {
    defineTag(DOMException);
  }
}
