/**
 * What a body may be sent as. A page can send forms and plain text across origins without asking; JSON it cannot,
 * so insisting on the type is a defence, not a formality.
 */
import { carriesBody, headerValues, type RequestHead } from '#main/rest/request-head';

/** Says what is wrong with the way a body is sent, or nothing where it can be read. */
export function unsupportedMedia(head: Pick<RequestHead, 'rawHeaders'>): string | undefined {
  const types = headerValues(head, 'content-type');
  if (types.length > 1 || (types.length === 1 && !isJson(types[0] ?? ''))) {
    return `A body must be application/json in UTF-8, not ${types.join(', ')}.`;
  }
  if (types.length === 0 && carriesBody(head)) return 'A body must say that it is application/json.';
  const encodings = headerValues(head, 'content-encoding').filter((encoding) => encoding.toLowerCase() !== 'identity');
  return encodings.length === 0 ? undefined : `A body must be sent as it is, not encoded as ${encodings.join(', ')}.`;
}

function isJson(type: string): boolean {
  return /^application\/json\s*(;\s*charset\s*=\s*("utf-8"|utf-8)\s*)?;?\s*$/i.test(type);
}
