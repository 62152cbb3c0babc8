/** How much sessions have written, against what their templates allow. It outlives a session's runtime, not the host. */
import { RuleError } from './rule-error.ts';

export class WriteLedger {
  readonly #writtenBytes = new Map<string, number>();

  quotaOf(sessionId: string, allowed: { readonly bytes: number; readonly rule: string }): WriteQuota {
    return {
      take: (bytes) => {
        const written = this.#writtenBytes.get(sessionId) ?? 0;
        const left = allowed.bytes - written;
        if (bytes > left) throw new RuleError('EDQUOT', `${allowed.rule} allows ${allowed.bytes}, ${left} are left`);
        this.#writtenBytes.set(sessionId, written + bytes);
      },
    };
  }
}

export interface WriteQuota {
  /** Counts bytes that are about to be written. Throws where they are too many. */
  take(bytes: number): void;
}
