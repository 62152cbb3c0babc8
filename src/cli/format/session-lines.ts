/** Sessions as lines. Scripts parse those of `session create`. */
import type { Session } from '#shared/contract/session';

export function createdSessionLines(session: Session): string[] {
  return [`Created session: ${session.id}`, ...sessionLines(session)];
}

export function sessionDetailLines(session: Session): string[] {
  const { closed_at: closedAt, last_error: lastError } = session;
  return [
    `Session ID: ${session.id}`,
    ...sessionLines(session),
    `Created: ${session.created_at}`,
    ...(closedAt === undefined ? [] : [`Closed: ${closedAt}`]),
    ...(lastError === undefined ? [] : [`Last Error: ${lastError}`]),
  ];
}

function sessionLines(session: Session): string[] {
  return [
    `Status: ${session.status}`,
    `Template ID: ${session.vm_id}`,
    `Workspace ID: ${session.workspace_id}`,
    `Base Commit: ${session.base_commit_oid}`,
    `Worktree Path: ${session.worktree_path}`,
  ];
}

export const sessionTableHeader = ['SESSION ID', 'TEMPLATE ID', 'STATUS', 'CREATED', 'WORKTREE'];

export function sessionRow(session: Session): string[] {
  return [session.id, session.vm_id, session.status, session.created_at, session.worktree_path];
}
