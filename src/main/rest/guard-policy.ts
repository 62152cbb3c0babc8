/** What the guard holds requests against; fixed for the life of a server. */

/** `compat`: on loopback the same user needs no token, as scripts of the earlier daemon send none. */
export type AccessMode = 'compat' | 'token';

export interface GuardPolicy {
  readonly mode: AccessMode;
  readonly token: string;
  /** Our own uid; undefined where the platform has none. */
  readonly ownUid: number | undefined;
  /** Names that a Host header may hold, in lower case, without the port. */
  readonly hostNames: readonly string[];
  /** Whether the server listens beyond loopback. */
  readonly servesOthers: boolean;
}

export interface GuardPolicyInput {
  readonly access: AccessMode;
  readonly hosts: readonly string[];
  readonly token: string;
  readonly ownUid: number | undefined;
}

/** Beyond loopback no peer can be told from another, so there the token is asked for whatever was configured. */
export function guardPolicy({ access, hosts, token, ownUid }: GuardPolicyInput): GuardPolicy {
  const others = hosts.filter((host) => !isLoopback(host));
  return {
    mode: others.length > 0 ? 'token' : access,
    token,
    ownUid,
    hostNames: [...new Set(['127.0.0.1', 'localhost', '[::1]', ...hosts.map(asHostName)])],
    servesOthers: others.length > 0,
  };
}

export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/i.test(address);
}

/** An address as it stands in a URL and in a Host header. */
export function asHostName(address: string): string {
  return address.includes(':') ? `[${address.toLowerCase()}]` : address.toLowerCase();
}
