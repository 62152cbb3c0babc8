/**
 * Ctrl-C while a call waits for the end of its execution. Such a call learns the execution's id only with the answer, so
 * the session is asked what runs in it; that is cancelled on the host, and the call then answers how it ended. A second
 * Ctrl-C leaves at once.
 */
import { setTimeout } from 'node:timers/promises';
import type { Execution } from '#shared/contract/execution';
import type { Cli } from './cli.ts';
import type { HostClient } from './client.ts';
import { interruptedExitCode } from './exit-code.ts';
import { toFailure } from './failure.ts';
import { escapeControls } from './format/escape-controls.ts';

export interface WaitingCall {
  readonly host: HostClient;
  readonly sessionId: string;
  readonly answer: Promise<Execution>;
}

const retryMs = 100;

export async function cancelOnInterrupt(cli: Cli, call: WaitingCall): Promise<Execution> {
  const answered = new AbortController();
  let told: Promise<void> = Promise.resolve();
  const stopListening = cli.process.onInterrupt(() => {
    cli.exitCode = interruptedExitCode;
    told = cancelRunning(call, answered.signal).then((line) => {
      if (line !== undefined) cli.process.stderr.write(`${escapeControls(line)}\n`);
    });
  });
  try {
    return await call.answer;
  } finally {
    stopListening();
    answered.abort();
    await told;
  }
}

/** Resolves to what the user is told; to nothing where the execution ended by itself. */
async function cancelRunning(call: WaitingCall, answered: AbortSignal): Promise<string | undefined> {
  try {
    const running = await findRunning(call, answered);
    if (running === undefined) return undefined;
    const { id, status } = await call.host.executions.cancel({ id: running.id });
    return status === 'cancelled' ? `Cancelled execution ${id}` : undefined;
  } catch (error) {
    const { message, code } = toFailure(error);
    return `The execution could not be cancelled: ${message} (${code})`;
  }
}

/** Asks again until the call is answered: a session that has to wake up starts its execution only after that. */
async function findRunning({ host, sessionId }: WaitingCall, answered: AbortSignal): Promise<Execution | undefined> {
  while (!answered.aborted) {
    const [newest] = await host.executions.list({ session_id: sessionId, limit: 1 });
    if (newest?.status === 'running') return newest;
    await setTimeout(retryMs, undefined, { signal: answered }).catch(() => undefined);
  }
  return undefined;
}
