/**
 * What a worker and its host say about calls: what a guest asks of the machine. They have a port of their own, because a
 * worker that waits for an answer reads no other messages: it sleeps on the meter's signal and takes from this port.
 */

/** Worker to host. Ids are the worker's, in order. */
export interface CallMessage {
  readonly id: number;
  readonly service: string;
  readonly operation: string;
  /** The argument as JSON text. */
  readonly json: string;
  readonly bytes?: Uint8Array;
}

/** Host to worker: any number of prints, then a reply or a refusal. */
export type CallAnswer =
  | { readonly kind: 'print'; readonly id: number; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'reply'; readonly id: number; readonly json: string; readonly bytes?: Uint8Array }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: CallError };

/** An error as the guest gets it thrown. */
export interface CallError {
  readonly name: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
