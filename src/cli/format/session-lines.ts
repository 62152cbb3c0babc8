/** Sessions as lines. Scripts parse those of `session create`. */
import type { SessionPolicy, SessionPolicyDetail } from '#shared/contract/policy';
import type { Session } from '#shared/contract/session';
import { policyContentLines } from './template-lines.ts';

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
    ...(session.policy === undefined ? [] : [policyLine(session.policy)]),
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

export const sessionTableHeader = ['SESSION ID', 'TEMPLATE ID', 'STATUS', 'CREATED', 'WORKTREE', 'POLICY'];

export function sessionRow(session: Session): string[] {
  return [
    session.id,
    session.vm_id,
    session.status,
    session.created_at,
    session.worktree_path,
    currency(session.policy),
  ];
}

export function policyLines({ content, ...policy }: SessionPolicyDetail): string[] {
  return [policyLine(policy), `Template: ${content.template_name}`, ...policyContentLines(content)];
}

function policyLine(policy: SessionPolicy): string {
  const version = policy.template_version === undefined ? [] : [`template version ${policy.template_version}`];
  return `Policy: ${policy.hash} (${[...version, currency(policy)].join(', ')})`;
}

/** Whether a new session of the template would be allowed the same. */
function currency(policy: SessionPolicy | undefined): string {
  if (policy?.is_current === undefined) return policy === undefined ? '' : 'template deleted';
  return policy.is_current ? 'current' : 'outdated';
}
