/** One operation of the `fs` module: what a guest sends, what the system would call it, and what it does. */
import type * as z from 'zod';
import { GuestError } from '#core/guest-error';
import type { Abort, GuestReply } from '#core/ports';
import type { FileAccess } from './file-access.ts';

export interface FileCall<Argument> {
  readonly access: FileAccess;
  readonly argument: Argument;
  readonly bytes: Uint8Array | undefined;
  readonly abort: Abort;
}

export interface FileOperation<Argument> {
  /** As Node's errors name it. */
  readonly syscall: string;
  readonly schema: z.ZodType<Argument>;
  run(call: FileCall<Argument>): Promise<GuestReply>;
}

/** Stops what takes many steps once nobody waits for it. */
export function checkWanted({ aborted }: Abort): void {
  if (aborted) throw new GuestError('The run is over');
}
