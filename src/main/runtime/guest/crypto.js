// @ts-check
/** `crypto`: random bytes and UUIDs of the machine, never of a generator whose state a memory image could repeat. */

import { bytesOf } from './bytes.js';
import { defineTag } from './define.js';
import { DOMException } from './dom-exception.js';
import { askHost } from './host.js';
import { natives, stringStartsWith, typedArrayName, typedArraySet } from './primordials.js';
import { askWorker } from './worker-text.js';

const maxBytes = 65536;

class Crypto {
  /** @type {<View>(view: View) => View} */
  getRandomValues(view) {
    const name = typedArrayName(view);
    const bytes = bytesOf(view);
    if (typeof name !== 'string' || bytes === undefined || stringStartsWith(name, 'Float')) {
      throw new DOMException('getRandomValues takes a typed array of integers', 'TypeMismatchError');
    }
    if (bytes.length > maxBytes) {
      throw new DOMException('getRandomValues takes at most ' + maxBytes + ' bytes', 'QuotaExceededError');
    }
    const random = /** @type {ArrayBuffer} */ (askHost('random.bytes', bytes.length));
    typedArraySet(bytes, new natives.Uint8Array(random));
    return view;
  }

  randomUUID() {
    return askWorker('random.uuid', null);
  }

  static {
    defineTag(Crypto);
  }
}

export const crypto = new Crypto();
