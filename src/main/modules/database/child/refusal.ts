/** What the child refuses a guest: a message, the fields of the guest's error, and its class. */
import type { AnswerFields, RefusalName } from '../protocol.ts';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly fields: AnswerFields;
  readonly guestName: RefusalName;

  constructor(message: string, fields: AnswerFields = {}, guestName: RefusalName = 'Error') {
    super(message);
    this.fields = fields;
    this.guestName = guestName;
  }
}
