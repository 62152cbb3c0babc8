/** `template versions`, `version`, `diff` and `restore`: what a template was, and how it became what it is. */
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { templateDetailLines } from '../format/template-lines.ts';
import { differenceLine, versionLines, versionRow, versionTableHeader } from '../format/template-version-lines.ts';
import { examples } from '../options/examples.ts';
import { readCount } from '../options/read-count.ts';
import { readPathSegment } from '../options/read-path-segment.ts';

export function addHistoryCommands(template: Command, cli: Cli): void {
  addVersions(template, cli);
  addVersion(template, cli);
  addDiff(template, cli);
  addRestore(template, cli);
}

function addVersions(template: Command, cli: Cli): void {
  template
    .command('versions')
    .description('list the versions of a template, newest first')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .option('--limit <n>', 'how many at most', readCount, 50)
    .addHelpText('after', examples('template versions TEMPLATE'))
    .action(async (id: string, { limit }: { limit: number }) => {
      const versions = await (await cli.connect()).templateVersions.list({ id, limit });
      const rows = versions.map(versionRow);
      cli.output.showTable(versions, { header: versionTableHeader, rows, none: 'No versions found' });
    });
}

function addVersion(template: Command, cli: Cli): void {
  template
    .command('version')
    .description('show a template as it was in a version')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .argument('<version>', 'number of the version', readCount)
    .addHelpText('after', examples('template version TEMPLATE 1'))
    .action(async (id: string, version: number) => {
      const found = await (await cli.connect()).templateVersions.get({ id, version });
      cli.output.show(found, [...versionLines(found), ...templateDetailLines(found.detail)]);
    });
}

function addDiff(template: Command, cli: Cli): void {
  template
    .command('diff')
    .description('list what two versions of a template differ in')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .argument('<from>', 'number of one version', readCount)
    .argument('<to>', 'number of the other', readCount)
    .addHelpText('after', examples('template diff TEMPLATE 1 3'))
    .action(async (id: string, from: number, to: number) => {
      const found = await (await cli.connect()).templateVersions.diff({ id, from, to });
      cli.output.show(found, found.length === 0 ? ['No differences found'] : found.map(differenceLine));
    });
}

function addRestore(template: Command, cli: Cli): void {
  template
    .command('restore')
    .description('make a template as it was in a version; that is a new version')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .argument('<version>', 'number of the version', readCount)
    .addHelpText('after', examples('template restore TEMPLATE 1'))
    .action(async (id: string, version: number) => {
      const detail = await (await cli.connect()).templateVersions.restore({ id, version });
      cli.output.show(detail, [
        `Restored template: ${detail.template.id} as of version ${version}`,
        `Version: ${detail.template.version}`,
      ]);
    });
}
