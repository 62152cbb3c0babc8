/** Modules and libraries of a template: two catalogs that are granted with the same verbs. */
import type { Command } from 'commander';
import type { CatalogLibrary } from '#shared/contract/catalog';
import type { Cli } from '../cli.ts';
import type { HostClient } from '../client.ts';
import { yesNo } from '../format/template-lines.ts';
import { libraryWarning } from '../library-warning.ts';
import { examples } from '../options/examples.ts';
import { readPathSegment } from '../options/read-path-segment.ts';

/** One kind of thing that a template can be granted by name. */
interface GrantKind {
  readonly noun: 'module' | 'library';
  readonly plural: 'modules' | 'libraries';
  readonly example: string;
  /** What granting does, in the words of the help. */
  readonly granting: string;
  readonly routes: (host: HostClient) => HostClient['moduleGrants'] | HostClient['libraryGrants'];
  /** What to say of a name that was granted, and will hardly be what was meant. */
  readonly doubt?: (host: HostClient, name: string) => Promise<string | undefined>;
}

const modules: GrantKind = {
  noun: 'module',
  plural: 'modules',
  example: 'fs',
  granting: 'grant a module to a template',
  routes: (host) => host.moduleGrants,
};

const libraries: GrantKind = {
  noun: 'library',
  plural: 'libraries',
  example: 'lodash-4.17.21',
  granting: 'grant a library to a template',
  routes: (host) => host.libraryGrants,
  doubt: async (host, name) => libraryWarning(name, await host.catalog.libraries()),
};

export function addModuleGrantCommands(template: Command, cli: Cli): void {
  addGrantCommands(template, cli, modules);
  template
    .command('list-available-modules')
    .description('list the modules that templates can grant')
    .addHelpText('after', examples('template list-available-modules'))
    .action(async () => {
      const catalog = await (await cli.connect()).catalog.modules();
      const rows = catalog.map(({ name, description }) => [name, description]);
      cli.output.showTable(catalog, { header: ['NAME', 'DESCRIPTION'], rows, none: 'No modules found' });
    });
}

export function addLibraryGrantCommands(template: Command, cli: Cli): void {
  addGrantCommands(template, cli, libraries);
  template
    .command('list-available-libraries')
    .description('list the libraries of the catalog')
    .addHelpText('after', examples('template list-available-libraries'))
    .action(() => showLibraryCatalog(cli));
}

export async function showLibraryCatalog(cli: Cli): Promise<void> {
  showLibraries(cli, await (await cli.connect()).catalog.libraries());
}

export function showLibraries(cli: Cli, libraries: readonly CatalogLibrary[]): void {
  const rows = libraries.map(({ name, global, cached, damage }) => [name, global, damage ? 'damaged' : yesNo(cached)]);
  cli.output.showTable(libraries, { header: ['NAME', 'GLOBAL', 'CACHED'], rows, none: 'No libraries found' });
}

function addGrantCommands(template: Command, cli: Cli, kind: GrantKind): void {
  addAdd(template, cli, kind);
  addRemove(template, cli, kind);
  addList(template, cli, kind);
}

function addAdd(template: Command, cli: Cli, { noun, example, granting, routes, doubt }: GrantKind): void {
  template
    .command(`add-${noun}`)
    .description(granting)
    .argument('<template-id>', 'id of the template', readPathSegment)
    .requiredOption('--name <name>', `name of the ${noun}, such as ${example}`)
    .addHelpText('after', examples(`template add-${noun} TEMPLATE --name ${example}`))
    .action(async (id: string, { name }: { name: string }) => {
      const host = await cli.connect();
      const added = await routes(host).add({ params: { id }, body: { name } });
      cli.output.show(added, [`Added ${noun}: ${added.name} to template ${added.template_id}`]);
      // It is granted already, so a list that fails is no failure of this command.
      const warning = await doubt?.(host, name).catch(() => undefined);
      if (warning !== undefined) cli.warn(warning);
    });
}

function addRemove(template: Command, cli: Cli, { noun, example, routes }: GrantKind): void {
  template
    .command(`remove-${noun}`)
    .description(`withdraw a ${noun} from a template`)
    .argument('<template-id>', 'id of the template', readPathSegment)
    .requiredOption('--name <name>', `name of the ${noun}, such as ${example}`, readPathSegment)
    .addHelpText('after', examples(`template remove-${noun} TEMPLATE --name ${example}`))
    .action(async (id: string, { name }: { name: string }) => {
      const removed = await routes(await cli.connect()).remove({ id, name });
      cli.output.show(removed, [`Removed ${noun}: ${removed.name} from template ${removed.template_id}`]);
    });
}

function addList(template: Command, cli: Cli, { plural, routes }: GrantKind): void {
  template
    .command(`list-${plural}`)
    .description(`list the ${plural} of a template`)
    .argument('<template-id>', 'id of the template', readPathSegment)
    .addHelpText('after', examples(`template list-${plural} TEMPLATE`))
    .action(async (id: string) => {
      const names = await routes(await cli.connect()).list({ id });
      cli.output.show(names, names.length > 0 ? names : [`No ${plural} found`]);
    });
}
