/**
 * What a body may be sent as. A page can send forms and plain text across origins without asking; JSON it cannot,
 * so insisting on the type is a defence, not a formality.
 */
import { VmError } from '#core/vm-error';
import { headerValues, type RequestHead } from '#main/rest/request-head';
import { asJson } from '#main/rest/request-hint';

/** A head, as far as it says how a body is sent and where a better one may go. */
export type MediaHead = Pick<RequestHead, 'rawHeaders' | 'localAddress' | 'localPort'>;

/** The refusal of a body for the way it is sent, or nothing where it can be read. Without a body there is nothing to ask. */
export function mediaRefusal(head: MediaHead): VmError | undefined {
  const problem = mediaProblem(head);
  return problem === undefined ? undefined : new VmError('UNSUPPORTED_MEDIA_TYPE', `${problem} ${asJson(head)}`);
}

function mediaProblem(head: MediaHead): string | undefined {
  const types = headerValues(head, 'content-type');
  const [type = '', ...others] = types;
  if (type.trim() === '' && others.length === 0) return 'A body must say that it is application/json.';
  if (others.length > 0 || !isJson(type)) return `A body must be application/json in UTF-8, not ${types.join(', ')}.`;
  const encodings = headerValues(head, 'content-encoding').filter((encoding) => encoding.toLowerCase() !== 'identity');
  return encodings.length === 0 ? undefined : `A body must be sent as it is, not encoded as ${encodings.join(', ')}.`;
}

function isJson(type: string): boolean {
  return /^application\/json\s*(;\s*charset\s*=\s*("utf-8"|utf-8)\s*)?;?\s*$/i.test(type);
}
