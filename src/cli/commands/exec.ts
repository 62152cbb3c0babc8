/** `vm-system exec`: what has run in a session. Running is in exec-run.ts. */
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { eventLine, executionDetailLines, executionRow, executionTableHeader } from '../format/execution-lines.ts';
import { examples } from '../options/examples.ts';
import { readInteger } from '../options/read-integer.ts';
import { readPathSegment } from '../options/read-path-segment.ts';
import { showValueOf } from '../quiet-execution.ts';
import { addRunCommands } from './exec-run.ts';

export function addExecCommands(program: Command, cli: Cli): void {
  const exec = program.command('exec').description('run code in a session and read what happened');
  addRunCommands(exec, cli);
  addList(exec, cli);
  addGet(exec, cli);
  addEvents(exec, cli);
  addCancel(exec, cli);
}

function addList(exec: Command, cli: Cli): void {
  exec
    .command('list')
    .description('list the executions of a session, newest first')
    .argument('<session-id>', 'id of the session')
    .option('--limit <n>', 'how many at most', readInteger, 50)
    .addHelpText('after', examples('exec list SESSION --limit 10'))
    .action(async (sessionId: string, { limit }: { limit: number }) => {
      const executions = await (await cli.connect()).executions.list({ session_id: sessionId, limit });
      const rows = executions.map(executionRow);
      cli.output.showTable(executions, { header: executionTableHeader, rows, none: 'No executions found' });
    });
}

function addGet(exec: Command, cli: Cli): void {
  exec
    .command('get')
    .description('show an execution, without its events')
    .argument('<execution-id>', 'id of the execution', readPathSegment)
    .addHelpText('after', examples('exec get EXECUTION'))
    .action(async (id: string) => {
      const execution = await (await cli.connect()).executions.get({ id });
      if (cli.output.isQuiet) showValueOf(cli, execution);
      else cli.output.show(execution, executionDetailLines(execution));
    });
}

function addEvents(exec: Command, cli: Cli): void {
  exec
    .command('events')
    .description('list the events of an execution')
    .argument('<execution-id>', 'id of the execution', readPathSegment)
    .option('--after-seq <n>', 'only those with a greater number', readInteger, 0)
    .addHelpText('after', examples('exec events EXECUTION --after-seq 100'))
    .action(async (id: string, { afterSeq }: { afterSeq: number }) => {
      const events = await (await cli.connect()).executions.events({ id, after_seq: afterSeq });
      cli.output.show(events, events.length > 0 ? events.map(eventLine) : ['No events found']);
    });
}

function addCancel(exec: Command, cli: Cli): void {
  exec
    .command('cancel')
    .description('stop a running execution; the session keeps its state')
    .argument('<execution-id>', 'id of the execution', readPathSegment)
    .addHelpText('after', examples('exec cancel EXECUTION'))
    .action(async (id: string) => {
      const execution = await (await cli.connect()).executions.cancel({ id });
      cli.output.show(execution, [`Cancelled execution: ${execution.id}`, `Status: ${execution.status}`]);
    });
}
