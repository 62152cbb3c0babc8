/** `vm-system session`: live runtimes, made from a template and bound to a worktree. */
import { isAbsolute, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { SessionStatus } from '#shared/contract/session';
import type { Cli } from '../cli.ts';
import {
  createdSessionLines,
  policyLines,
  sessionDetailLines,
  sessionRow,
  sessionTableHeader,
} from '../format/session-lines.ts';
import { examples } from '../options/examples.ts';
import { readPathSegment } from '../options/read-path-segment.ts';
import { addInspectionCommands } from './session-inspection.ts';

/** The contract's statuses, typed against it; its schema is not loaded, so that `--help` does not wait for zod. */
const sessionStatuses: readonly SessionStatus[] = ['starting', 'ready', 'crashed', 'closed'];

interface CreateFlags {
  readonly templateId: string;
  readonly workspaceId: string;
  readonly baseCommit: string;
  readonly worktreePath: string;
}

export function addSessionCommands(program: Command, cli: Cli): void {
  const session = program.command('session').description('start, list and close runtimes');
  addCreate(session, cli);
  addList(session, cli);
  addGet(session, cli);
  addPolicy(session, cli);
  addInspectionCommands(session, cli);
  addClose(session, cli);
}

function addCreate(session: Command, cli: Cli): void {
  session
    .command('create')
    .description('start a session from a template')
    .requiredOption('--template-id <id>', 'id of the template')
    .option('--workspace-id <id>', 'any name of your own for the workspace', 'default')
    .option('--base-commit <oid>', 'the commit the worktree was made from; recorded, not checked', 'none')
    .option('--worktree-path <path>', 'the folder that the session works in', '.')
    .addHelpText(
      'after',
      examples(
        'session create --template-id TEMPLATE',
        'session create --template-id TEMPLATE --workspace-id demo --base-commit HEAD --worktree-path ../report',
      ),
    )
    .action(async ({ templateId, workspaceId, baseCommit, worktreePath }: CreateFlags) => {
      const created = await (await cli.connect()).sessions.create({
        template_id: templateId,
        workspace_id: workspaceId,
        base_commit_oid: baseCommit,
        worktree_path: absoluteFolder(worktreePath, cli.process.workingFolder),
      });
      cli.output.show(created, createdSessionLines(created));
    });
}

/** The host has a current folder of its own. An empty path, perhaps of an unset variable, means no folder at all. */
function absoluteFolder(path: string, workingFolder: string): string {
  return path === '' || isAbsolute(path) ? path : resolve(workingFolder, path);
}

function addList(session: Command, cli: Cli): void {
  session
    .command('list')
    .description('list sessions, newest first')
    .addOption(new Option('--status <status>', 'only those in this status').choices(sessionStatuses))
    .addHelpText('after', examples('session list --status ready'))
    .action(async ({ status }: { status?: SessionStatus }) => {
      const sessions = await (await cli.connect()).sessions.list({ status });
      const rows = sessions.map(sessionRow);
      cli.output.showTable(sessions, { header: sessionTableHeader, rows, none: 'No sessions found' });
    });
}

function addGet(session: Command, cli: Cli): void {
  session
    .command('get')
    .description('show a session')
    .argument('<session-id>', 'id of the session', readPathSegment)
    .addHelpText('after', examples('session get SESSION'))
    .action(async (id: string) => {
      const found = await (await cli.connect()).sessions.get({ id });
      cli.output.show(found, sessionDetailLines(found));
    });
}

function addPolicy(session: Command, cli: Cli): void {
  session
    .command('policy')
    .description('show what a session may do; it never changes, whatever becomes of the template')
    .argument('<session-id>', 'id of the session', readPathSegment)
    .addHelpText('after', examples('session policy SESSION'))
    .action(async (id: string) => {
      const policy = await (await cli.connect()).sessions.policy({ id });
      cli.output.show(policy, policyLines(policy));
    });
}

function addClose(session: Command, cli: Cli): void {
  session
    .command('close')
    .alias('delete')
    .description('close a session; its executions stay readable')
    .argument('<session-id>', 'id of the session', readPathSegment)
    .addHelpText('after', examples('session close SESSION'))
    .action(async (id: string) => {
      const closed = await (await cli.connect()).sessions.close({ id });
      cli.output.show(closed, [`Closed session: ${closed.id}`]);
    });
}
