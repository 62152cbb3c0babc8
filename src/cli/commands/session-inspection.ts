/** `session globals` and `session complete`: looks into a session that run none of its code. */
import type { Command } from 'commander';
import type { CompletionItem, SessionGlobals, SessionVariable } from '#shared/contract/session-inspection';
import type { Cli } from '../cli.ts';
import { examples } from '../options/examples.ts';
import { readInteger } from '../options/read-integer.ts';
import { readPathSegment } from '../options/read-path-segment.ts';

export function addInspectionCommands(session: Command, cli: Cli): void {
  addGlobals(session, cli);
  addComplete(session, cli);
}

function addGlobals(session: Command, cli: Cli): void {
  session
    .command('globals')
    .description('list the variables of a session, without running code in it')
    .argument('<session-id>', 'id of the session', readPathSegment)
    .addHelpText('after', examples('session globals SESSION'))
    .action(async (id: string) => {
      const globals = await (await cli.connect()).sessionInspection.globals({ id });
      const rows = globals.variables.map(variableRow);
      const header = ['NAME', 'KIND', 'TYPE', 'SIZE', 'CHANGED', 'PREVIEW'];
      if (cli.output.json) cli.output.show(globals, []);
      else cli.output.showTable(rows, { header, rows, none: noVariables(globals) });
    });
}

function noVariables({ awake }: SessionGlobals): string {
  return awake ? 'No variables found' : 'No variables found: the session sleeps until it is used';
}

function variableRow({ name, kind, type, size_bytes: sizeBytes, changed, preview }: SessionVariable): string[] {
  return [name, kind, type, `${sizeBytes}`, changed ? 'yes' : 'no', preview];
}

interface CompleteFlags {
  readonly code: string;
  readonly cursor?: number;
}

function addComplete(session: Command, cli: Cli): void {
  session
    .command('complete')
    .description('list what could stand where the caret is, the likeliest first')
    .argument('<session-id>', 'id of the session', readPathSegment)
    .requiredOption('--code <code>', 'the code as far as it is typed')
    .option('--cursor <n>', 'where the caret stands, in UTF-16 units; without it, at the end', readInteger)
    .addHelpText('after', examples(`session complete SESSION --code 'JSON.par'`))
    .action(async (id: string, { code, cursor = code.length }: CompleteFlags) => {
      const completion = await (await cli.connect()).sessionInspection.complete({
        params: { id },
        body: { code, cursor },
      });
      const rows = completion.items.map(completionRow);
      const header = ['LABEL', 'KIND', 'TYPE', 'DETAIL'];
      if (cli.output.json) cli.output.show(completion, []);
      else cli.output.showTable(rows, { header, rows, none: 'No completions found' });
    });
}

function completionRow({ label, kind, type = '', detail = '' }: CompletionItem): string[] {
  return [label, kind, type, detail];
}
