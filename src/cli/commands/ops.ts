/** `vm-system ops`: how the host is. Health and summary are printed as JSON in both modes, as they always were. */
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { CliError } from '../cli-error.ts';
import { examples } from '../options/examples.ts';
import { addOperationCommands } from './ops-operation.ts';

export function addOpsCommands(program: Command, cli: Cli): void {
  const ops = program.command('ops').description('look after the host');
  addHealth(ops, cli);
  addRuntimeSummary(ops, cli);
  addToken(ops, cli);
  addOperationCommands(ops, cli);
}

function addHealth(ops: Command, cli: Cli): void {
  ops
    .command('health')
    .description('tell whether the host works')
    .addHelpText('after', examples('ops health'))
    .action(async () => showJson(cli, await (await cli.connect()).host.health()));
}

function addRuntimeSummary(ops: Command, cli: Cli): void {
  ops
    .command('runtime-summary')
    .description('count the live sessions')
    .addHelpText('after', examples('ops runtime-summary'))
    .action(async () => showJson(cli, await (await cli.connect()).host.runtimeSummary()));
}

function addToken(ops: Command, cli: Cli): void {
  ops
    .command('token')
    .description('print the token of the host at the server URL, once the host has proven that it holds it')
    .addHelpText('after', examples('ops token', 'curl -H "Authorization: Bearer $(vm-system ops token)" URL'))
    .action(async () => {
      const token = await provenToken(cli);
      cli.output.show({ token }, [token]);
    });
}

function showJson(cli: Cli, value: object): void {
  cli.output.show(value, JSON.stringify(value, undefined, 2).split('\n'));
}

async function provenToken(cli: Cli): Promise<string> {
  const { serverUrl } = cli;
  const { findToken } = await import('../find-token.ts');
  const token = await findToken({ serverUrl, process: cli.process, client: await cli.connect() });
  if (token !== undefined) return token;
  throw new CliError(
    'TOKEN_NOT_FOUND',
    `No host that you started is known at ${serverUrl}. Start one with "npm start" or "vm-system serve", or name another with --server-url.`,
  );
}
