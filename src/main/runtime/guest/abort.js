// @ts-check
/** `AbortController` and `AbortSignal`. Who has to know of an abort inside the prelude is told before the listeners. */
import { defineTag } from './define.js';
import { DOMException } from './dom-exception.js';
import { Event, EventTarget } from './event-target.js';
import { forEachOf } from './iteration.js';
import { append, apply, bareList, natives, toNumber } from './primordials.js';
import { runInBackground } from './timers.js';

/** Known to this file only: it alone makes signals. */
const key = {};

/** @type {(signal: AbortSignal, reason: unknown) => void} */
let abortSignal;

/** Has a function called when the signal is aborted; not where it was already. @type {(signal: AbortSignal, react: () => void) => void} */
export let onAborted;

/** @type {(value: unknown) => boolean} */
export let isAbortSignal;

const abortError = () => new DOMException('This operation was aborted', 'AbortError');

export class AbortSignal extends EventTarget {
  #isAborted = false;
  /** @type {unknown} */
  #reason;
  /** @type {(() => void)[]} */
  #reactions = bareList([]);
  /** @type {unknown} */
  #handler = null;

  constructor(/** @type {unknown} */ permit = undefined) {
    super();
    if (permit !== key) throw new natives.TypeError('Illegal constructor: signals come from an AbortController');
  }

  static {
    abortSignal = (signal, reason) => signal.#abort(reason);
    onAborted = (signal, react) => append(signal.#reactions, react);
    isAbortSignal = (value) => typeof value === 'object' && value !== null && #isAborted in value;
    defineTag(AbortSignal);
  }

  static abort(/** @type {unknown} */ reason = abortError()) {
    const signal = new AbortSignal(key);
    signal.#abort(reason);
    return signal;
  }

  /** Its timer holds no run open, as it holds open no process of Node's. */
  static timeout(/** @type {unknown} */ milliseconds) {
    const delay = toNumber(milliseconds);
    if (!(delay >= 0)) throw new natives.RangeError('The time must be a number of milliseconds, at least 0');
    const signal = new AbortSignal(key);
    const message = 'The operation was aborted due to timeout';
    runInBackground(() => signal.#abort(new DOMException(message, 'TimeoutError')), delay);
    return signal;
  }

  static any(/** @type {unknown} */ signals) {
    const dependent = new AbortSignal(key);
    forEachOf(signals, (signal) => {
      if (!isAbortSignal(signal)) throw new natives.TypeError('AbortSignal.any takes a list of AbortSignals');
      const source = /** @type {AbortSignal} */ (signal);
      if (source.#isAborted) dependent.#abort(source.#reason);
      else onAborted(source, () => dependent.#abort(source.#reason));
    });
    return dependent;
  }

  get aborted() {
    return this.#isAborted;
  }

  get reason() {
    return this.#reason;
  }

  get onabort() {
    return this.#handler;
  }

  set onabort(handler) {
    this.#handler = handler;
  }

  throwIfAborted() {
    if (this.#isAborted) throw this.#reason;
  }

  #abort(/** @type {unknown} */ reason) {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    const reactions = this.#reactions;
    this.#reactions = bareList([]);
    for (let index = 0; index < reactions.length; index += 1) reactions[index]?.();
    const event = new Event('abort');
    if (typeof this.#handler === 'function') apply(this.#handler, this, bareList([event]));
    dispatch(this, event);
  }
}

/** As it is now, whatever becomes of it. */
const { dispatchEvent } = EventTarget.prototype;
/** @type {(target: EventTarget, event: Event) => unknown} */
const dispatch = (target, event) => apply(dispatchEvent, target, bareList([event]));

export class AbortController {
  #signal = new AbortSignal(key);

  static {
    defineTag(AbortController);
  }

  get signal() {
    return this.#signal;
  }

  abort(/** @type {unknown} */ reason = abortError()) {
    abortSignal(this.#signal, reason);
  }
}
