/** `template duplicate`, `export` and `import`: templates that go from one place to another as a whole. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Template } from '#shared/contract/template';
import type { TemplateDocument } from '#shared/contract/template-document';
import type { Cli } from '../cli.ts';
import { CliError } from '../cli-error.ts';
import type { CliProcess } from '../cli-process.ts';
import { examples } from '../options/examples.ts';
import { readJsonObject } from '../options/read-json-object.ts';
import { readPathSegment } from '../options/read-path-segment.ts';
import { readStandardInput, readTextFile } from '../read-text.ts';
import { warnOfConfig } from '../warn-of-config.ts';

export function addExchangeCommands(template: Command, cli: Cli): void {
  addDuplicate(template, cli);
  addExport(template, cli);
  addImport(template, cli);
}

function addDuplicate(template: Command, cli: Cli): void {
  template
    .command('duplicate')
    .description('make another template of the same content')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .requiredOption('--name <name>', 'name of the new one, unique')
    .addHelpText('after', examples('template duplicate TEMPLATE --name notebook-2'))
    .action(async (id: string, { name }: { name: string }) => {
      const created = await (await cli.connect()).templates.duplicate({ params: { id }, body: { name } });
      cli.output.show(created, [lineOf('Created', created)]);
    });
}

function addExport(template: Command, cli: Cli): void {
  template
    .command('export')
    .description('write a template as one JSON document, without ids and times')
    .argument('<template-id>', 'id of the template', readPathSegment)
    .option('--output <file>', 'write it to this file instead of stdout')
    .option('--force', 'replace the file that is there')
    .addHelpText('after', examples('template export TEMPLATE --output notebook.template.json'))
    .action(async (id: string, { output, force = false }: { output?: string; force?: boolean }) => {
      const document = await (await cli.connect()).templates.export({ id });
      const text = JSON.stringify(document, undefined, 2);
      if (output === undefined) return cli.output.show(document, text.split('\n'));
      const file = resolve(cli.process.workingFolder, output);
      await save(file, `${text}\n`, { force });
      cli.output.show({ file }, [`Exported template: ${document.name} to ${file}`]);
    });
}

function addImport(template: Command, cli: Cli): void {
  template
    .command('import')
    .description('create a template from a document that "export" wrote')
    .argument('<file>', 'the document, or - for standard input')
    .option('--name <name>', 'name of the new one (default: as the document says)')
    .addHelpText('after', examples('template import notebook.template.json --name notebook-2'))
    .action(async (file: string, { name }: { name?: string }) => {
      const document = await readDocument(file, cli.process);
      const created = await (await cli.connect()).templates.import({ template: document, name });
      cli.output.show(created, [lineOf('Imported', created)]);
      await warnOfConfig(cli, document.capabilities);
    });
}

function lineOf(verb: 'Created' | 'Imported', { name, id }: Template): string {
  return `${verb} template: ${name} (ID: ${id})`;
}

async function readDocument(file: string, process: CliProcess): Promise<TemplateDocument> {
  const text = file === '-' ? readStandardInput(process) : readTextFile(resolve(process.workingFolder, file));
  try {
    // Whether the object is such a document is the host's to say.
    return readJsonObject(await text) as unknown as TemplateDocument;
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError)) throw cause;
    throw new CliError('USAGE', `The document ${file} cannot be read: ${cause.message}`, { cause });
  }
}

async function save(file: string, text: string, { force }: { force: boolean }): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new CliError('USAGE', `The file ${file} is there already. Name another, or replace it with --force.`, {
        cause,
      });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('USAGE', `The file ${file} could not be written: ${reason}.`, { cause });
  }
}
