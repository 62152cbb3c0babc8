// @ts-check
/** The `fs` module as guests see it. */
import { callHost } from './call.js';

export function newFs() {
  return {
    readFileSync(/** @type {unknown} */ path) {
      return callHost({ service: 'fs', operation: 'readText', argument: { path } }).value;
    },
  };
}
