import { describe, expect, it } from 'vitest';
import { moveSession, type SessionCommand } from '#core/session/session-state';
import type { Session, SessionStatus } from '#shared/contract/session';

const at = '2026-11-20T10:00:00.000Z';
const sessionIn = (status: SessionStatus): Session => ({
  id: '00000000-0000-4000-8000-000000000001',
  vm_id: '00000000-0000-4000-8000-000000000002',
  workspace_id: 'w',
  base_commit_oid: 'c',
  worktree_path: '/w',
  status,
  created_at: at,
});

const commands: readonly SessionCommand[] = [
  { kind: 'started' },
  { kind: 'crash', lastError: 'boom' },
  { kind: 'close', at },
];
const legal: Readonly<Record<string, SessionStatus>> = {
  'starting started': 'ready',
  'starting crash': 'crashed',
  'ready close': 'closed',
};

describe('the life cycle of a session', () => {
  for (const status of ['starting', 'ready', 'crashed', 'closed'] as const) {
    for (const command of commands) {
      const target = legal[`${status} ${command.kind}`];
      if (target !== undefined) {
        it(`moves from ${status} to ${target} on ${command.kind}`, () => {
          expect(moveSession(sessionIn(status), command).status).toBe(target);
        });
      } else {
        it(`refuses ${command.kind} while ${status}`, () => {
          expect(() => moveSession(sessionIn(status), command)).toThrow(
            expect.objectContaining({
              code: 'SESSION_NOT_READY',
              details: { session_id: sessionIn(status).id, status },
            }),
          );
        });
      }
    }
  }

  it('keeps the reason of a crash and the time of a close', () => {
    expect(moveSession(sessionIn('starting'), { kind: 'crash', lastError: 'boom' }).last_error).toBe('boom');
    expect(moveSession(sessionIn('ready'), { kind: 'close', at }).closed_at).toBe(at);
  });
});
