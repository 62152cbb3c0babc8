/**
 * Runs code and prints each event as it happens. Ctrl-C cancels the execution on the host and still prints how it
 * ended; a second Ctrl-C leaves at once.
 */
import { ORPCError } from '@orpc/client';
import type { Execution } from '#shared/contract/execution';
import type { Cli } from './cli.ts';
import { CliError } from './cli-error.ts';
import { type HostClient, streamRefusal } from './client.ts';
import { interruptedExitCode } from './exit-code.ts';
import { eventLine, outcomeLines } from './format/execution-lines.ts';
import { showValueOf, tellEvent } from './quiet-execution.ts';

/** Starts an execution without waiting for its end. */
export type Start = (host: HostClient) => Promise<Execution>;

export async function followExecution(cli: Cli, host: HostClient, start: Start): Promise<Execution> {
  const interruption = Promise.withResolvers<void>();
  const stopListening = cli.process.onInterrupt(() => {
    cli.exitCode = interruptedExitCode;
    interruption.resolve();
  });
  try {
    const { id } = await start(host);
    // A refused cancel means that the execution has ended by itself, which the stream tells.
    void interruption.promise.then(() => host.executions.cancel({ id })).catch(() => undefined);
    return printEnd(cli, await printStream(cli, host, id));
  } finally {
    stopListening();
  }
}

async function printStream(cli: Cli, host: HostClient, id: string): Promise<Execution> {
  const { output } = cli;
  if (!output.json && !output.isQuiet) output.showPart(undefined, [`Execution ID: ${id}`, '', 'Events:']);
  let lastSeq = 0;
  try {
    const stream = await host.executions.stream({ id });
    for (let step = await stream.next(); ; step = await stream.next()) {
      if (step.done) return endOf(step.value);
      if (output.isQuiet) tellEvent(cli, step.value);
      else output.showPart(step.value, [eventLine(step.value)]);
      lastSeq = step.value.seq;
    }
  } catch (error) {
    throw error instanceof ORPCError ? error : (streamRefusal(error) ?? brokenStream(id, lastSeq, error));
  }
}

/** The stream of a host that went away ends without the execution. */
function endOf(execution: Execution | undefined): Execution {
  if (execution === undefined) throw new Error('the stream ended before the execution did');
  return execution;
}

function printEnd(cli: Cli, execution: Execution): Execution {
  if (!cli.output.isQuiet) cli.output.showPart(execution, ['', ...outcomeLines(execution)]);
  refuseExceededOutput(execution);
  if (cli.output.isQuiet) showValueOf(cli, execution);
  return execution;
}

/** A stream tells of exceeded output as data; the caller gets the failed call that waiting would have been. */
function refuseExceededOutput({ id, error }: Execution): void {
  if (error?.limit !== 'max_events' && error?.limit !== 'max_output_kb') return;
  const data = { execution_id: id, limit: error.limit, allowed: error.allowed };
  throw new ORPCError('OUTPUT_LIMIT_EXCEEDED', { status: 422, message: error.message, data });
}

function brokenStream(id: string, lastSeq: number, cause: unknown): CliError {
  const rest = `vm-system exec events ${id} --after-seq ${lastSeq}`;
  return new CliError('HOST_UNREACHABLE', `The connection broke after event ${lastSeq}. See the rest with "${rest}".`, {
    cause,
  });
}
