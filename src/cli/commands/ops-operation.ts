/** Long work of the host, such as bringing a library: listed, looked at, cancelled. */
import type { Command } from 'commander';
import type { Operation } from '#shared/contract/operation';
import type { Cli } from '../cli.ts';
import { examples } from '../options/examples.ts';
import { readPathSegment } from '../options/read-path-segment.ts';

export function addOperationCommands(ops: Command, cli: Cli): void {
  addList(ops, cli);
  addGet(ops, cli);
  addCancel(ops, cli);
}

function addList(ops: Command, cli: Cli): void {
  ops
    .command('operations')
    .description('list the long work of the host, newest first')
    .addHelpText('after', examples('ops operations'))
    .action(async () => {
      const operations = await (await cli.connect()).operations.list();
      const header = ['OPERATION ID', 'KIND', 'STATUS', 'PHASE', 'STARTED', 'SUBJECT'];
      const rows = operations.map((it) => [it.id, it.kind, it.status, it.progress.phase, it.started_at, it.subject]);
      cli.output.showTable(operations, { header, rows, none: 'No operations found' });
    });
}

function addGet(ops: Command, cli: Cli): void {
  ops
    .command('operation')
    .description('show how far long work is, or how it ended')
    .argument('<operation-id>', 'id of the operation', readPathSegment)
    .addHelpText('after', examples('ops operation OPERATION'))
    .action(async (id: string) => {
      const operation = await (await cli.connect()).operations.get({ id });
      cli.output.show(operation, operationLines(operation));
    });
}

function addCancel(ops: Command, cli: Cli): void {
  ops
    .command('cancel-operation')
    .description('stop long work, and show how it ended')
    .argument('<operation-id>', 'id of the operation', readPathSegment)
    .addHelpText('after', examples('ops cancel-operation OPERATION'))
    .action(async (id: string) => {
      const operation = await (await cli.connect()).operations.cancel({ id });
      cli.output.show(operation, operationLines(operation));
    });
}

function operationLines({ id, kind, subject, status, progress, started_at, ended_at, result, error }: Operation) {
  return [
    `Operation ID: ${id}`,
    `Kind: ${kind}`,
    `Subject: ${subject}`,
    `Status: ${status}`,
    `Progress: ${JSON.stringify(progress)}`,
    `Started: ${started_at}`,
    ...(ended_at === undefined ? [] : [`Ended: ${ended_at}`]),
    ...(result === undefined ? [] : [`Result: ${JSON.stringify(result)}`]),
    ...(error === undefined ? [] : [`Error: ${error.message}`]),
  ];
}
