// @ts-check
/**
 * Knows which objects are proxies. JavaScript offers no test for it, and any look at a proxy runs its traps, which a
 * preview must never do; so the Proxy constructor that guests see notes what it makes, and behaves as the built-in.
 */
import { defineProperty, globalObject, natives, weakMapGet, weakMapHas, weakMapSet } from './primordials.js';

const { revocable } = natives.Proxy;

/** @type {WeakMap<object, object>} */
const targets = new natives.WeakMap();

/** @type {(value: unknown) => boolean} */
export const isProxy = (value) => weakMapHas(targets, /** @type {object} */ (value));

/** @type {(proxy: object) => unknown} */
export const proxyTarget = (proxy) => weakMapGet(targets, proxy);

/**
 * @param {object} target
 * @param {ProxyHandler<object>} handler
 */
function GuestProxy(target, handler) {
  if (new.target === undefined) throw new natives.TypeError('Constructor Proxy requires new');
  const proxy = new natives.Proxy(target, handler);
  weakMapSet(targets, proxy, target);
  return proxy;
}

/** Puts the noting constructor in the place of the built-in one. */
export function installProxy() {
  defineProperty(GuestProxy, 'name', { value: 'Proxy' });
  defineProperty(GuestProxy, 'prototype', { value: undefined, writable: false });
  defineProperty(GuestProxy, 'revocable', {
    configurable: true,
    writable: true,
    /** @type {typeof Proxy.revocable} */
    value: (target, handler) => {
      const result = revocable(target, handler);
      weakMapSet(targets, result.proxy, target);
      return result;
    },
  });
  defineProperty(globalObject, 'Proxy', { configurable: true, writable: true, value: GuestProxy });
}
