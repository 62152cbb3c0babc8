/**
 * Looks into sessions: their variables, and what could be typed next. It holds the session's lock for as long as the look
 * takes, so that it never meets an execution, and it wakes nobody: a session that sleeps is completed from what is known
 * of every session.
 */
import type { GuestName, SessionRecord } from '#core/ports';
import { completionOf, membersAsCandidates, modulesAsCandidates, namesInScope } from '#core/session/completion';
import { contextAt } from '#core/session/completion-context';
import type { LiveSessions } from '#core/session/live-sessions';
import type { SessionLocks } from '#core/session/session-locks';
import type { SessionService } from '#core/session/session-service';
import { notReady } from '#core/session/session-state';
import { builtInNames } from '#core/session/static-names';
import { VmError } from '#core/vm-error';
import type { Completion, CompletionRequest, SessionGlobals } from '#shared/contract/session-inspection';

export interface SessionInspectionParts {
  readonly sessions: SessionService;
  readonly live: LiveSessions;
  readonly locks: SessionLocks;
}

export class SessionInspection {
  readonly #parts: SessionInspectionParts;

  constructor(parts: SessionInspectionParts) {
    this.#parts = parts;
  }

  /** The variables of a session; none where it sleeps. Rejects with SESSION_BUSY while an execution runs in it. */
  globals(id: string): Promise<SessionGlobals> {
    return this.#whileIdle(id, async () => {
      const runtime = this.#parts.live.runtimeOf(id);
      if (runtime === undefined) return { awake: false, variables: [], truncated: false };
      const { variables, truncated } = await runtime.inspectGlobals();
      return { awake: true, variables: [...variables], truncated };
    });
  }

  /** What could stand at the caret. Rejects with VALIDATION_ERROR for a caret behind the code, with SESSION_BUSY while an execution runs in the session. */
  async complete(id: string, { code, cursor }: CompletionRequest): Promise<Completion> {
    if (cursor > code.length) throw behindTheEnd(cursor, code.length);
    return this.#whileIdle(id, async ({ policy }) => {
      const caret = contextAt(code, cursor);
      const { context } = caret;
      switch (context.kind) {
        case 'nothing':
          return { from: caret.from, to: caret.to, items: [] };
        case 'module':
          return completionOf(caret, context.prefix, modulesAsCandidates(policy.modules, policy.libraries));
        case 'member':
          return completionOf(caret, context.prefix, membersAsCandidates(await this.#names(id, context.chain)));
        case 'name':
          return completionOf(caret, context.prefix, namesInScope(await this.#names(id, []), code, caret));
      }
    });
  }

  async #names(id: string, chain: readonly string[]): Promise<readonly GuestName[]> {
    const runtime = this.#parts.live.runtimeOf(id);
    if (runtime !== undefined) return runtime.listNames(chain);
    return chain.length === 0 ? builtInNames : [];
  }

  async #whileIdle<Result>(id: string, look: (record: SessionRecord) => Promise<Result>): Promise<Result> {
    const release = this.#parts.locks.tryLock(id);
    try {
      const record = await this.#parts.sessions.find(id);
      if (record.session.status !== 'ready') throw notReady(record.session);
      if (release === undefined) throw busy(id, this.#parts.live.runningIn(id)?.executionId);
      return await look(record);
    } finally {
      release?.();
    }
  }
}

function behindTheEnd(cursor: number, length: number): VmError {
  const message = `cursor ${cursor} is behind the end of the code, which has ${length} UTF-16 units. Send at most ${length}.`;
  return new VmError('VALIDATION_ERROR', message, {
    details: { fields: [{ path: 'cursor', message: `must be at most ${length}, the length of the code` }] },
  });
}

function busy(sessionId: string, executionId: string | undefined): VmError {
  return new VmError(
    'SESSION_BUSY',
    `Session ${sessionId} is running an execution, and can be looked into when that has ended. Ask again then.`,
    { details: { session_id: sessionId, ...(executionId === undefined ? {} : { execution_id: executionId }) } },
  );
}
