/** What the child refuses a guest: a message and the fields of the guest's error. */
import type { AnswerFields } from '../protocol.ts';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly fields: AnswerFields;

  constructor(message: string, fields: AnswerFields = {}) {
    super(message);
    this.fields = fields;
  }
}
