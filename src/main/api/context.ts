/** What the API layer knows of whoever calls it. A transport proves it; the router only reads it. */

export interface Caller {
  /** The same user of this machine: a peer with our uid, or this process itself. */
  readonly proven: boolean;
  /** Showed the token, or a cookie that was given for it. */
  readonly authenticated: boolean;
}

export interface ApiContext {
  readonly caller: Caller;
}
