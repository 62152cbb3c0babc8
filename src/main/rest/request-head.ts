/** What the guard may know of a request: plain data, so that every rule can be tried without a socket. */
import type { Access } from '#shared/contract/route';

/**
 * Who holds the other end of a connection. `unknown`: this platform does not tell. `gone`: it does, but nobody holds
 * that end any more. `guest`: a command that a guest has started, which has the user's uid and none of their rights.
 */
export type PeerUid = number | 'unknown' | 'gone' | 'guest';

export interface RequestHead {
  readonly method: string;
  /** The request target as it came over the wire. */
  readonly url: string;
  /** Names and values in turn, as they came: doubled headers must stay visible. */
  readonly rawHeaders: readonly string[];
  readonly remoteAddress: string | undefined;
  /** The address and port of ours that the request arrived on. */
  readonly localAddress: string | undefined;
  readonly localPort: number;
  readonly peerUid: PeerUid;
  /** What the route asks of its caller. */
  readonly access: Access;
}

/** All values of a header, in order. */
export function headerValues({ rawHeaders }: Pick<RequestHead, 'rawHeaders'>, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

/** Whether any header's name, in lower case, passes a test. */
export function hasHeader({ rawHeaders }: Pick<RequestHead, 'rawHeaders'>, test: (name: string) => boolean): boolean {
  return rawHeaders.some((name, index) => index % 2 === 0 && test(name.toLowerCase()));
}

/** Whether the head promises a byte of body. A body in chunks promises nothing: it may turn out to be empty. */
export function promisesBody(head: Pick<RequestHead, 'rawHeaders'>): boolean {
  return headerValues(head, 'content-length').some((length) => Number(length) !== 0);
}
