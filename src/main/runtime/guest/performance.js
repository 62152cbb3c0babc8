// @ts-check
/**
 * `performance`: milliseconds since the session first asked, finer than `Date`. Counted from a moment of the wall clock,
 * so that they go on from there wherever the session's memory is restored.
 */
import { defineTag } from './define.js';
import { askWorker } from './worker-text.js';

const timeOrigin = askWorker('time.now', null);

class Performance {
  get timeOrigin() {
    return timeOrigin;
  }

  now() {
    return askWorker('time.now', null) - timeOrigin;
  }

  toJSON() {
    return { timeOrigin };
  }

  static {
    defineTag(Performance);
  }
}

export const performance = new Performance();
