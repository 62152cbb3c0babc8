/** Texts of files by the encodings that Node knows. */
import { GuestError } from '#core/guest-error';

/** Throws the guest's error for a name that is no encoding. */
export function checkEncoding(name: string): BufferEncoding {
  if (Buffer.isEncoding(name)) return name;
  const message = `The argument 'encoding' is invalid encoding. Received '${name}'`;
  throw new GuestError(message, { code: 'ERR_INVALID_ARG_VALUE' }, 'TypeError');
}
