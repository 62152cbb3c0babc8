/** `template settings` and `template set-limits`: how a template's runtimes behave and what stops them. */
import { type Command, Option } from 'commander';
import type { PatchSettings } from '#shared/contract/template';
import type { Cli } from '../cli.ts';
import { CliError } from '../cli-error.ts';
import { settingsLines } from '../format/template-lines.ts';
import { examples } from '../options/examples.ts';
import { readInteger } from '../options/read-integer.ts';
import { readList } from '../options/read-list.ts';
import { readPathSegment } from '../options/read-path-segment.ts';
import { readSwitch } from '../options/read-switch.ts';

interface LimitFlags {
  readonly cpuMs?: number;
  readonly wallMs?: number;
  readonly memMb?: number;
  readonly maxEvents?: number;
  readonly maxOutputKb?: number;
}

interface SettingsFlags {
  readonly esm?: boolean;
  readonly strict?: boolean;
  readonly console?: boolean;
  readonly roots?: string[];
  readonly extensions?: string[];
  readonly absoluteImports?: boolean;
}

export function addSettingsCommands(template: Command, cli: Cli): void {
  addSettings(template, cli);
  addSetLimits(template, cli);
}

function addSettings(template: Command, cli: Cli): void {
  const onOff = (name: string, description: string) =>
    new Option(`--${name} <on|off>`, description).argParser(readSwitch);
  template
    .command('settings')
    .description('show the settings of a template, or change those that are named')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .addOption(onOff('esm', 'run files as ES modules'))
    .addOption(onOff('strict', 'run code in strict mode'))
    .addOption(onOff('console', 'give the guest a console'))
    .option('--roots <list>', 'folders of the worktree where imports are looked up, with commas', readList)
    .option('--extensions <list>', 'file extensions to try, with commas, such as .js,.mjs', readList)
    .addOption(onOff('absolute-imports', 'allow imports by absolute path inside the worktree'))
    .addHelpText('after', examples('template settings TEMPLATE', 'template settings TEMPLATE --esm on --roots src,lib'))
    .action(async (id: string, flags: SettingsFlags) => {
      if (Object.keys(flags).length > 0) return patch(cli, id, patchOfSettings(flags));
      const { settings } = await (await cli.connect()).templates.get({ id });
      cli.output.show(settings, settingsLines(settings));
    });
}

function addSetLimits(template: Command, cli: Cli): void {
  template
    .command('set-limits')
    .description('change the limits of a template; those that are not named stay')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .option('--cpu-ms <n>', 'milliseconds of work in the guest', readInteger)
    .option('--wall-ms <n>', 'milliseconds from start to end, waiting included', readInteger)
    .option('--mem-mb <n>', 'MiB of memory', readInteger)
    .option('--max-events <n>', 'number of console, stdout and stderr events', readInteger)
    .option('--max-output-kb <n>', 'KiB of text in these events', readInteger)
    .addHelpText('after', examples('template set-limits TEMPLATE --cpu-ms 10000 --mem-mb 256'))
    .action(async (id: string, flags: LimitFlags) => {
      if (Object.keys(flags).length > 0) return patch(cli, id, patchOfLimits(flags));
      throw new CliError('USAGE', 'No limit is named. Name at least one, such as --cpu-ms 10000.');
    });
}

/** Fields that are undefined are not sent, so the host leaves them as they are. */
async function patch(cli: Cli, id: string, body: PatchSettings): Promise<void> {
  const settings = await (await cli.connect()).templates.patchSettings({ params: { id }, body });
  cli.output.show(settings, [`Updated settings of template: ${settings.vm_id}`, ...settingsLines(settings)]);
}

function patchOfLimits({ cpuMs, wallMs, memMb, maxEvents, maxOutputKb }: LimitFlags): PatchSettings {
  const limits = { cpu_ms: cpuMs, wall_ms: wallMs, mem_mb: memMb, max_events: maxEvents, max_output_kb: maxOutputKb };
  return { limits };
}

function patchOfSettings({ esm, strict, console, roots, extensions, absoluteImports }: SettingsFlags): PatchSettings {
  const resolver = { roots, extensions, allow_absolute_repo_imports: absoluteImports };
  return { runtime: { esm, strict, console }, resolver };
}
