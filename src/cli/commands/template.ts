/** `vm-system template`: templates themselves. What they grant is in the files beside this one. */
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { CliError } from '../cli-error.ts';
import { templateDetailLines, templateRow, templateTableHeader, yesNo } from '../format/template-lines.ts';
import { examples } from '../options/examples.ts';
import { readPathSegment } from '../options/read-path-segment.ts';
import { addCapabilityCommands } from './template-capability.ts';
import { addExchangeCommands } from './template-exchange.ts';
import { addLibraryGrantCommands, addModuleGrantCommands } from './template-grant.ts';
import { addHistoryCommands } from './template-history.ts';
import { addSettingsCommands } from './template-settings.ts';
import { addStartupFileCommands } from './template-startup-file.ts';

export function addTemplateCommands(program: Command, cli: Cli): void {
  const template = program.command('template').description('say what a runtime may do');
  addCreate(template, cli);
  addList(template, cli);
  addGet(template, cli);
  addUpdate(template, cli);
  addDelete(template, cli);
  addExchangeCommands(template, cli);
  addHistoryCommands(template, cli);
  addSettingsCommands(template, cli);
  addStartupFileCommands(template, cli);
  addCapabilityCommands(template, cli);
  addModuleGrantCommands(template, cli);
  addLibraryGrantCommands(template, cli);
}

function addCreate(template: Command, cli: Cli): void {
  template
    .command('create')
    .description('create a template')
    .requiredOption('--name <name>', 'unique name')
    .option('--engine <engine>', 'JavaScript engine: quickjs, or its alias goja (default: chosen by the host)')
    .addHelpText('after', examples('template create --name notebook'))
    .action(async (input: { name: string; engine?: string }) => {
      const created = await (await cli.connect()).templates.create(input);
      cli.output.show(created, [`Created template: ${created.name} (ID: ${created.id})`]);
    });
}

function addList(template: Command, cli: Cli): void {
  template
    .command('list')
    .description('list all templates')
    .addHelpText('after', examples('template list', 'template list --json'))
    .action(async () => {
      const templates = await (await cli.connect()).templates.list();
      const rows = templates.map(templateRow);
      cli.output.showTable(templates, { header: templateTableHeader, rows, none: 'No templates found' });
    });
}

function addGet(template: Command, cli: Cli): void {
  template
    .command('get')
    .description('show a template with all its parts')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .addHelpText('after', examples('template get 3f2b8c1e-0000-4000-8000-000000000001'))
    .action(async (id: string) => {
      const detail = await (await cli.connect()).templates.get({ id });
      cli.output.show(detail, templateDetailLines(detail));
    });
}

function addUpdate(template: Command, cli: Cli): void {
  template
    .command('update')
    .description('rename a template, or say whether new sessions may be made from it; at least one')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .option('--name <name>', 'new name, unique')
    .option('--active', 'let new sessions be made from it')
    .option('--no-active', 'refuse new sessions; those there are keep running')
    .addHelpText(
      'after',
      examples('template update TEMPLATE --name notebook-2', 'template update TEMPLATE --no-active'),
    )
    .action(async (id: string, { name, active }: { name?: string; active?: boolean }) => {
      if (name === undefined && active === undefined) {
        throw new CliError('USAGE', 'No change is named. Name at least one, such as --name notebook-2 or --no-active.');
      }
      const body = { name, is_active: active };
      const updated = await (await cli.connect()).templates.update({ params: { id }, body });
      cli.output.show(updated, [
        `Updated template: ${updated.name} (ID: ${updated.id})`,
        `Active: ${yesNo(updated.is_active)}`,
      ]);
    });
}

function addDelete(template: Command, cli: Cli): void {
  template
    .command('delete')
    .description('delete a template and its parts; sessions made from it keep running')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .addHelpText('after', examples('template delete 3f2b8c1e-0000-4000-8000-000000000001'))
    .action(async (id: string) => {
      const deleted = await (await cli.connect()).templates.delete({ id });
      cli.output.show(deleted, [`Deleted template: ${deleted.template_id}`]);
    });
}
