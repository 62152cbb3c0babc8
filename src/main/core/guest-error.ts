/**
 * What the host refuses a guest, as the guest gets it thrown: an ordinary error with a message, and often a `code`.
 * Services throw it for everything the guest caused; whatever else they throw is a fault of the host.
 */
import type { JsonValue } from '#shared/contract/primitive';

/** Own fields of the error in the guest, such as `code`, `path`, `stdout`. Never `message` or `stack`. */
export type GuestErrorFields = Readonly<Record<string, JsonValue>>;

export class GuestError extends Error {
  override readonly name = 'GuestError';
  /** Name of the error in the guest: `Error` unless a built-in class says it better. */
  readonly guestName: 'Error' | 'TypeError' | 'RangeError';
  readonly fields: GuestErrorFields;

  constructor(message: string, fields: GuestErrorFields = {}, guestName: GuestError['guestName'] = 'Error') {
    super(message);
    this.fields = fields;
    this.guestName = guestName;
  }
}
