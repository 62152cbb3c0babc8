/** `template add-startup`, `update-`, `reorder-`, `remove-startup` and `list-startup`: files that run in every new session, in order. */
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { CliError } from '../cli-error.ts';
import { startupFileRow, startupFileTableHeader } from '../format/template-lines.ts';
import { examples } from '../options/examples.ts';
import { readInteger } from '../options/read-integer.ts';
import { readPathSegment } from '../options/read-path-segment.ts';

interface AddStartupFlags {
  readonly path: string;
  readonly order: number;
  readonly mode: string;
}

export function addStartupFileCommands(template: Command, cli: Cli): void {
  addAdd(template, cli);
  addUpdate(template, cli);
  addReorder(template, cli);
  addRemove(template, cli);
  addList(template, cli);
}

function addAdd(template: Command, cli: Cli): void {
  template
    .command('add-startup')
    .description('add a file that runs at the start of every new session')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .requiredOption('--path <path>', 'path inside the worktree')
    .option('--order <n>', 'place among the startup files, lowest first', readInteger, 0)
    .option('--mode <mode>', 'eval, or import for a template that runs ES modules', 'eval')
    .addHelpText('after', examples('template add-startup TEMPLATE --path setup.js --order 10'))
    .action(async (id: string, { path, order, mode }: AddStartupFlags) => {
      const host = await cli.connect();
      const file = await host.startupFiles.add({ params: { id }, body: { path, order_index: order, mode } });
      cli.output.show(file, [
        `Added startup file: ${file.path} (order: ${file.order_index}) to template ${file.vm_id}`,
      ]);
    });
}

interface UpdateStartupFlags {
  readonly path?: string;
  readonly order?: number;
  readonly mode?: string;
}

function addUpdate(template: Command, cli: Cli): void {
  template
    .command('update-startup')
    .description('change or move a startup file; at least one')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .argument('<startup-file-id>', 'id of the startup file, as "list-startup" shows it', readPathSegment)
    .option('--path <path>', 'path inside the worktree')
    .option('--order <n>', 'place among the startup files, lowest first', readInteger)
    .option('--mode <mode>', 'eval, or import for a template that runs ES modules')
    .addHelpText('after', examples('template update-startup TEMPLATE STARTUP_FILE --order 20'))
    .action(async (id: string, partId: string, flags: UpdateStartupFlags) => {
      if (Object.keys(flags).length === 0) {
        throw new CliError('USAGE', 'No change is named. Name at least one, such as --order 20.');
      }
      const { path, order, mode } = flags;
      const request = { params: { id, part_id: partId }, body: { path, order_index: order, mode } };
      const file = await (await cli.connect()).startupFiles.update(request);
      cli.output.show(file, [
        `Updated startup file: ${file.path} (order: ${file.order_index}) of template ${file.vm_id}`,
        `Mode: ${file.mode}`,
      ]);
    });
}

function addReorder(template: Command, cli: Cli): void {
  template
    .command('reorder-startup')
    .description('put the startup files of a template into an order')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .argument('<startup-file-id...>', 'ids of all its startup files, first to last')
    .addHelpText('after', examples('template reorder-startup TEMPLATE STARTUP_FILE_2 STARTUP_FILE_1'))
    .action(async (id: string, ids: string[]) => {
      const files = await (await cli.connect()).startupFiles.reorder({ params: { id }, body: { ids } });
      const rows = files.map(startupFileRow);
      cli.output.showTable(files, { header: startupFileTableHeader, rows, none: 'No startup files found' });
    });
}

function addRemove(template: Command, cli: Cli): void {
  template
    .command('remove-startup')
    .description('remove a startup file from a template; the file in the worktree stays')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .argument('<startup-file-id>', 'id of the startup file, as "list-startup" shows it', readPathSegment)
    .addHelpText('after', examples('template remove-startup TEMPLATE STARTUP_FILE'))
    .action(async (id: string, partId: string) => {
      const removed = await (await cli.connect()).startupFiles.remove({ id, part_id: partId });
      cli.output.show(removed, [`Removed startup file: ${removed.id} from template ${removed.template_id}`]);
    });
}

function addList(template: Command, cli: Cli): void {
  template
    .command('list-startup')
    .description('list the startup files of a template in their order')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .addHelpText('after', examples('template list-startup TEMPLATE'))
    .action(async (id: string) => {
      const files = await (await cli.connect()).startupFiles.list({ id });
      const rows = files.map(startupFileRow);
      cli.output.showTable(files, { header: startupFileTableHeader, rows, none: 'No startup files found' });
    });
}
