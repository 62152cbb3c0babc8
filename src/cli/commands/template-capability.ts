/** `template add-capability`, `update-`, `remove-capability` and `list-capabilities`: what a template grants beyond modules and libraries. */
import { type Command, Option } from 'commander';
import type { JsonValue } from '#shared/contract/primitive';
import type { Capability } from '#shared/contract/template';
import type { Cli } from '../cli.ts';
import { CliError } from '../cli-error.ts';
import { capabilityRow, capabilityTableHeader, yesNo } from '../format/template-lines.ts';
import { examples } from '../options/examples.ts';
import { readJson } from '../options/read-json.ts';
import { readPathSegment } from '../options/read-path-segment.ts';
import { warnOfConfig } from '../warn-of-config.ts';

/** The contract's kinds, typed against it; its schema is not loaded, so that `--help` does not wait for zod. */
const capabilityKinds: readonly Capability['kind'][] = ['module', 'global', 'fs', 'net', 'env'];

interface AddCapabilityFlags {
  readonly name: string;
  readonly kind: Capability['kind'];
  readonly config: JsonValue;
  readonly enabled?: boolean;
}

export function addCapabilityCommands(template: Command, cli: Cli): void {
  addAdd(template, cli);
  addUpdate(template, cli);
  addRemove(template, cli);
  addList(template, cli);
}

function addAdd(template: Command, cli: Cli): void {
  template
    .command('add-capability')
    .description('add a capability to a template')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .requiredOption('--name <name>', 'name, unique among its kind')
    .addOption(new Option('--kind <kind>', 'kind of capability').choices(capabilityKinds).default('module'))
    .addOption(new Option('--config <json>', 'configuration').argParser(readJson).default({}, '{}'))
    .option('--enabled', 'switch the capability on (the default)')
    .option('--no-enabled', 'add it switched off')
    // As Go's flags are written. A value behind a blank would be taken for the template's id, so it needs the sign.
    .addOption(new Option('--enabled=true').implies({ enabled: true }).hideHelp())
    .addOption(new Option('--enabled=false').implies({ enabled: false }).hideHelp())
    .addHelpText('after', examples(`template add-capability TEMPLATE --kind env --name HOME --config '{}'`))
    .action(async (id: string, { kind, name, config, enabled = true }: AddCapabilityFlags) => {
      const body = { kind, name, config, enabled };
      const added = await (await cli.connect()).capabilities.add({ params: { id }, body });
      cli.output.show(added, [`Added capability: ${added.kind}:${added.name} to template ${added.vm_id}`]);
      await warnOfConfig(cli, [added]);
    });
}

interface UpdateCapabilityFlags {
  readonly name?: string;
  readonly config?: JsonValue;
  readonly enabled?: boolean;
}

function addUpdate(template: Command, cli: Cli): void {
  template
    .command('update-capability')
    .description('change, rename, or switch a capability; at least one')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .argument('<capability-id>', 'id of the capability, as "list-capabilities" shows it', readPathSegment)
    .option('--name <name>', 'new name, unique among its kind')
    .addOption(new Option('--config <json>', 'new configuration, whole').argParser(readJson))
    .option('--enabled', 'switch the capability on')
    .option('--no-enabled', 'switch the capability off')
    .addHelpText('after', examples('template update-capability TEMPLATE CAPABILITY --no-enabled'))
    .action(async (id: string, partId: string, flags: UpdateCapabilityFlags) => {
      if (Object.keys(flags).length === 0) {
        throw new CliError('USAGE', 'No change is named. Name at least one, such as --no-enabled.');
      }
      const params = { id, part_id: partId };
      const updated = await (await cli.connect()).capabilities.update({ params, body: { ...flags } });
      cli.output.show(updated, [
        `Updated capability: ${updated.kind}:${updated.name} of template ${updated.vm_id}`,
        `Enabled: ${yesNo(updated.enabled)}`,
        `Config: ${JSON.stringify(updated.config)}`,
      ]);
      await warnOfConfig(cli, flags.config === undefined && flags.name === undefined ? [] : [updated]);
    });
}

function addRemove(template: Command, cli: Cli): void {
  template
    .command('remove-capability')
    .description('remove a capability from a template')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .argument('<capability-id>', 'id of the capability, as "list-capabilities" shows it', readPathSegment)
    .addHelpText('after', examples('template remove-capability TEMPLATE CAPABILITY'))
    .action(async (id: string, partId: string) => {
      const removed = await (await cli.connect()).capabilities.remove({ id, part_id: partId });
      cli.output.show(removed, [`Removed capability: ${removed.id} from template ${removed.template_id}`]);
    });
}

function addList(template: Command, cli: Cli): void {
  template
    .command('list-capabilities')
    .description('list the capabilities of a template')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .addHelpText('after', examples('template list-capabilities TEMPLATE'))
    .action(async (id: string) => {
      const capabilities = await (await cli.connect()).capabilities.list({ id });
      const rows = capabilities.map(capabilityRow);
      cli.output.showTable(capabilities, { header: capabilityTableHeader, rows, none: 'No capabilities found' });
    });
}
