/** The life cycle of a session as a pure function: `starting → ready → closed`, `starting → crashed`, nothing else. */

import { VmError } from '#core/vm-error';
import type { Session } from '#shared/contract/session';

export type SessionCommand =
  | { readonly kind: 'started' }
  | { readonly kind: 'crash'; readonly lastError: string }
  | { readonly kind: 'close'; readonly at: string };

/** Returns the session after the command, or throws SESSION_NOT_READY where the move is illegal. */
export function moveSession(session: Session, command: SessionCommand): Session {
  if (session.status === 'starting' && command.kind === 'started') return { ...session, status: 'ready' };
  if (session.status === 'starting' && command.kind === 'crash') {
    return { ...session, status: 'crashed', last_error: command.lastError };
  }
  if (session.status === 'ready' && command.kind === 'close') {
    return { ...session, status: 'closed', closed_at: command.at };
  }
  throw notReady(session);
}

/** The refusal for a session that is not `ready`. */
export function notReady(session: Session): VmError {
  const reason = session.last_error === undefined ? '' : `: ${session.last_error.replace(/\.$/, '')}`;
  return new VmError(
    'SESSION_NOT_READY',
    `Session ${session.id} is ${session.status}${reason}. Create a new session to run code.`,
    { details: { session_id: session.id, status: session.status } },
  );
}
