// @ts-check
/** `Event` and `EventTarget`: listeners in the order they were added, without a tree that events would travel. */
import { defineTag } from './define.js';
import { append, apply, bareList, dateNow, natives } from './primordials.js';
import { throwLater } from './timers.js';

/** @typedef {{ type: string, callback: unknown, once: boolean, isRemoved: boolean }} Listener */

/** @type {(event: Event, target: EventTarget) => void} */
let setTarget;
/** @type {(event: Event) => boolean} */
let isStopped;

export class Event {
  #type;
  #cancelable;
  #target = /** @type {EventTarget | null} */ (null);
  #isPrevented = false;
  #isStopped = false;
  #timeStamp = dateNow();

  constructor(/** @type {unknown} */ type, /** @type {Record<string, unknown>} */ options = {}) {
    this.#type = '' + type;
    this.#cancelable = !!options?.cancelable;
  }

  static {
    setTarget = (event, target) => {
      event.#target = target;
    };
    isStopped = (event) => event.#isStopped;
    defineTag(Event);
  }

  get type() {
    return this.#type;
  }

  get target() {
    return this.#target;
  }

  get currentTarget() {
    return this.#target;
  }

  get cancelable() {
    return this.#cancelable;
  }

  get defaultPrevented() {
    return this.#isPrevented;
  }

  get timeStamp() {
    return this.#timeStamp;
  }

  preventDefault() {
    if (this.#cancelable) this.#isPrevented = true;
  }

  stopPropagation() {}

  stopImmediatePropagation() {
    this.#isStopped = true;
  }
}

export class EventTarget {
  /** @type {Listener[]} */
  #listeners = bareList([]);

  static {
    defineTag(EventTarget);
  }

  addEventListener(/** @type {unknown} */ type, /** @type {unknown} */ callback, /** @type {unknown} */ options = {}) {
    if (callback === null || callback === undefined || this.#find('' + type, callback) !== undefined) return;
    const { once } = /** @type {{ once?: unknown }} */ (options ?? {});
    append(this.#listeners, { type: '' + type, callback, once: !!once, isRemoved: false });
  }

  removeEventListener(/** @type {unknown} */ type, /** @type {unknown} */ callback) {
    const listener = this.#find('' + type, callback);
    if (listener !== undefined) this.#remove(listener);
  }

  dispatchEvent(/** @type {Event} */ event) {
    if (!(#listeners in this) || !isEvent(event)) throw new natives.TypeError('dispatchEvent takes an Event');
    setTarget(event, this);
    const listeners = this.#listeners;
    const count = listeners.length;
    for (let index = 0; index < count && !isStopped(event); index += 1) {
      const listener = /** @type {Listener} */ (listeners[index]);
      if (listener.isRemoved || listener.type !== event.type) continue;
      if (listener.once) this.#remove(listener);
      this.#call(listener.callback, event);
    }
    return !event.defaultPrevented;
  }

  #find(/** @type {string} */ type, /** @type {unknown} */ callback) {
    for (let index = 0; index < this.#listeners.length; index += 1) {
      const listener = this.#listeners[index];
      if (listener?.type === type && listener.callback === callback) return listener;
    }
    return undefined;
  }

  /** Into a new list: an event may be under way along the old one. */
  #remove(/** @type {Listener} */ removed) {
    removed.isRemoved = true;
    /** @type {Listener[]} */
    const kept = bareList([]);
    for (let index = 0; index < this.#listeners.length; index += 1) {
      const listener = /** @type {Listener} */ (this.#listeners[index]);
      if (listener !== removed) append(kept, listener);
    }
    this.#listeners = kept;
  }

  /** What a listener throws is nobody's to catch. */
  #call(/** @type {unknown} */ callback, /** @type {Event} */ event) {
    try {
      if (typeof callback === 'function') apply(callback, this, bareList([event]));
      else callHandler(callback, event);
    } catch (error) {
      throwLater(error);
    }
  }
}

/** @type {(value: unknown) => boolean} */
function isEvent(value) {
  try {
    isStopped(/** @type {Event} */ (value));
    return true;
  } catch {
    return false;
  }
}

function callHandler(/** @type {unknown} */ handler, /** @type {Event} */ event) {
  const { handleEvent } = /** @type {{ handleEvent: Function }} */ (handler);
  apply(handleEvent, handler, bareList([event]));
}
