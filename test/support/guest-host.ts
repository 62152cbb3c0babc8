/**
 * Lets the guest's prelude be imported under Node: its only tie to the world is `__host`, which it takes from the global
 * object when it is first read. Import this before any module of the prelude.
 */
import { inspect } from 'node:util';

const told: { readonly operation: string; readonly argument: unknown }[] = [];
const states = ['<pending>', '<resolved>', '<rejected>'];

Object.defineProperty(globalThis, '__host', {
  configurable: true,
  value: (operation: string, json: string, value?: unknown) => {
    if (operation === 'promise.state') return value instanceof Promise ? stateOf(value) : -1;
    if (operation === 'promise.result') return undefined;
    if (operation === 'time.now') return String(performance.now());
    if (operation === 'bytes.base64' && value instanceof ArrayBuffer) return Buffer.from(value).toString('base64');
    told.push({ operation, argument: JSON.parse(json) });
    return undefined;
  },
});

function stateOf(promise: Promise<unknown>): number {
  const text = inspect(promise);
  const state = states.findIndex((mark) => text.includes(mark));
  return state < 0 ? 1 : state;
}

/** What the prelude has told its host since the last time this was asked. */
export function takeTold(): typeof told {
  return told.splice(0);
}
