/** The part of an answer that a script goes on with: the id of what was made. The value of what was run is in quiet-execution.ts. */
import { isPlainObject } from '../is-plain-object.ts';

/** Undefined where an answer has no such part, and is shown as ever. */
export function briefLines(raw: unknown): string[] | undefined {
  return isPlainObject(raw) && typeof raw.id === 'string' ? [raw.id] : undefined;
}
