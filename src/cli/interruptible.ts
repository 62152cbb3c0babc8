/** Ctrl-C while a command works on this machine: it stops, says so, and leaves nothing half done. A second one leaves at once. */
import type { Cli } from './cli.ts';
import { interruptedExitCode } from './exit-code.ts';

export async function interruptible(cli: Cli, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const stopListening = cli.process.onInterrupt(() => controller.abort());
  try {
    await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    cli.exitCode = interruptedExitCode;
    cli.process.stderr.write('Cancelled. What was complete is kept; the same command goes on from there.\n');
  } finally {
    stopListening();
  }
}
