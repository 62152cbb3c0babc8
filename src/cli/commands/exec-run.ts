/**
 * `exec repl` and `exec run-file`. A guest error is data, not a failed call: the exit code stays 0, as older scripts
 * expect, unless `--fail` asks for 1 or `--quiet` for a value that it does not have. Exceeded output limits are a failed call, whichever way the code was run.
 */
import { type Command, Option } from 'commander';
import { exitCodes } from '#shared/contract/error';
import type { Execution } from '#shared/contract/execution';
import type { JsonValue } from '#shared/contract/primitive';
import { cancelOnInterrupt } from '../cancel-on-interrupt.ts';
import type { Cli } from '../cli.ts';
import type { HostClient } from '../client.ts';
import { interruptedExitCode } from '../exit-code.ts';
import { executionBlock } from '../format/execution-lines.ts';
import { examples } from '../options/examples.ts';
import { type JsonSource, jsonSource } from '../options/json-source.ts';
import { readJson } from '../options/read-json.ts';
import { readJsonObject } from '../options/read-json-object.ts';
import { showValueOf, tellEvent } from '../quiet-execution.ts';
import { readStandardInput } from '../read-text.ts';

interface RunFlags {
  readonly fail?: true;
  readonly follow?: true;
}

interface RunFileFlags extends RunFlags {
  readonly args: JsonSource<JsonValue>;
  readonly env: JsonSource<Record<string, JsonValue>>;
}

interface Run {
  readonly sessionId: string;
  readonly flags: RunFlags;
  /** Starts the code, and waits for its end or not. */
  readonly start: (host: HostClient, query: { wait: 'true' | 'false' }) => Promise<{ body: Execution }>;
}

export function addRunCommands(exec: Command, cli: Cli): void {
  addRepl(exec, cli);
  addRunFile(exec, cli);
}

function addRepl(exec: Command, cli: Cli): void {
  withRunFlags(exec.command('repl'))
    .description('run a snippet in a session; Ctrl-C cancels it')
    .argument('<session-id>', 'id of the session')
    .argument('<code>', 'the snippet; "-" reads it from standard input')
    .addHelpText(
      'after',
      examples(`exec repl SESSION '1 + 1'`, 'exec repl SESSION - < snippet.js', `exec repl SESSION -- '-1'`),
    )
    .action(async (sessionId: string, code: string, flags: RunFlags) => {
      const input = code === '-' ? await readStandardInput(cli.process) : code;
      const body = { session_id: sessionId, input };
      await run(cli, { sessionId, flags, start: (host, query) => host.executions.repl({ query, body }) });
    });
}

function addRunFile(exec: Command, cli: Cli): void {
  withRunFlags(exec.command('run-file'))
    .description('run a file of the worktree in a session; Ctrl-C cancels it')
    .argument('<session-id>', 'id of the session')
    .argument('<path>', 'path inside the worktree')
    .addOption(jsonOption('--args', 'what the guest finds in __ARGS__', readJson))
    .addOption(jsonOption('--env', 'an object, which the guest finds in __ENV__', readJsonObject))
    .addHelpText(
      'after',
      examples(
        `exec run-file SESSION report.js --args '{"year":2026}'`,
        'exec run-file SESSION report.js --args @data.json',
      ),
    )
    .action(async (sessionId: string, path: string, { args, env, ...flags }: RunFileFlags) => {
      const body = { session_id: sessionId, path, args: await args(cli.process), env: await env(cli.process) };
      await run(cli, { sessionId, flags, start: (host, query) => host.executions.runFile({ query, body }) });
    });
}

function jsonOption<Value>(flag: string, description: string, read: (text: string) => Value): Option {
  const parse = jsonSource(flag, read);
  return new Option(`${flag} <json>`, `${description}; @FILE and "-" read it from a file or standard input`)
    .argParser(parse)
    .default(parse('{}'), '{}');
}

function withRunFlags(command: Command): Command {
  return command
    .option('--follow', 'print each event as it happens')
    .option('--fail', 'exit with 1 when the execution does not end "ok"');
}

async function run(cli: Cli, { flags, ...code }: Run): Promise<void> {
  const host = await cli.connect();
  const execution = await (flags.follow ? follow(cli, host, code) : runToEnd(cli, host, code));
  const hasFailed = flags.fail === true && execution.status !== 'ok';
  if (hasFailed && cli.exitCode !== interruptedExitCode) cli.exitCode = exitCodes.failure;
}

async function runToEnd(cli: Cli, host: HostClient, { sessionId, start }: Omit<Run, 'flags'>): Promise<Execution> {
  const answer = start(host, { wait: 'true' }).then(({ body }) => body);
  const execution = await cancelOnInterrupt(cli, { host, sessionId, answer });
  showEnded(cli, execution);
  return execution;
}

function showEnded(cli: Cli, execution: Execution): void {
  if (!cli.output.isQuiet) {
    cli.output.show(execution, executionBlock(execution));
    return;
  }
  for (const event of execution.events ?? []) tellEvent(cli, event);
  showValueOf(cli, execution);
}

async function follow(cli: Cli, host: HostClient, { start }: Omit<Run, 'flags'>): Promise<Execution> {
  const { followExecution } = await import('../follow-execution.ts');
  return followExecution(cli, host, async () => (await start(host, { wait: 'false' })).body);
}
