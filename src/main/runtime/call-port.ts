/**
 * What a worker and its host say about calls: what a guest asks of the machine. They have a port of their own, because a
 * worker that waits for an answer reads no other messages: it sleeps on the meter's signal and takes from this port.
 */

/** In UTF-16 units: what the host reads of one call at once, in a few milliseconds. The rest goes as bytes. */
export const maxCallJson = 256 * 1024;

/** Worker to host. Ids are the worker's, in order. */
export interface CallMessage {
  readonly id: number;
  readonly service: string;
  readonly operation: string;
  /** The argument as JSON text. */
  readonly json: string;
  readonly bytes?: Uint8Array | undefined;
}

/** Host to worker: any number of prints, then a reply or a refusal. */
export type CallAnswer =
  | { readonly kind: 'print'; readonly id: number; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | ReplyAnswer
  | { readonly kind: 'refusal'; readonly id: number; readonly error: CallError };

export interface ReplyAnswer {
  readonly kind: 'reply';
  readonly id: number;
  readonly json: string;
  readonly bytes?: Uint8Array | undefined;
  /** Bytes of a text. */
  readonly text?: Uint8Array | undefined;
}

/** What of a reply is no JSON. */
export type Beside = Pick<ReplyAnswer, 'bytes' | 'text'>;

/** How large a reply is beside its value, rounded up: so it counts until the guest takes it. */
export const kibibytesBeside = ({ bytes, text }: Beside): number =>
  Math.ceil(((bytes?.byteLength ?? 0) + (text?.byteLength ?? 0)) / 1024);

/** An error as the guest gets it thrown. */
export interface CallError {
  readonly name: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
