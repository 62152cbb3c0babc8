/** Matches the error of a store that cannot be used, by what its message must say. */
import { expect } from 'vitest';

export function storeRefusal(...phrases: readonly string[]): unknown {
  const literal = (phrase: string) => phrase.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = new RegExp(phrases.map(literal).join('[^]*'));
  return expect.objectContaining({ code: 'STORE_WRITE_FAILED', message: expect.stringMatching(pattern) });
}
