/** Runs the whole CLI inside the test, all but its entry file: for cases where a process of its own would add nothing. */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { CliProcess, TextSink } from '#cli/cli-process';
import { runCli } from '#cli/run-cli';
import type { CliRun } from './run-cli-process.ts';

export interface InProcessRun {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly workingFolder?: string;
  readonly isTerminal?: boolean;
  /** Presses Ctrl-C as soon as anything is printed. */
  readonly isInterrupted?: boolean;
  /** Presses Ctrl-C when it resolves. */
  readonly interruption?: Promise<unknown>;
}

class TextCollector implements TextSink {
  text = '';
  readonly isTTY: boolean;
  readonly #onWrite: () => unknown;

  constructor(isTTY: boolean, onWrite: () => unknown = () => undefined) {
    this.isTTY = isTTY;
    this.#onWrite = onWrite;
  }

  write(text: string): void {
    this.text += text;
    this.#onWrite();
  }
}

export async function runInProcess(run: InProcessRun): Promise<CliRun> {
  const listeners = new Set<() => void>();
  const interrupt = () => {
    for (const listener of listeners) listener();
  };
  void run.interruption?.then(interrupt);
  const stdout = new TextCollector(run.isTerminal === true, () => run.isInterrupted && interrupt());
  const stderr = new TextCollector(run.isTerminal === true);
  const cliProcess: CliProcess = {
    stdin: Readable.from([run.stdin ?? '']),
    stdout,
    stderr,
    env: run.env ?? {},
    platform: 'linux',
    homeFolder: '/nonexistent',
    workingFolder: run.workingFolder ?? '/nonexistent',
    rootFolder: join(import.meta.dirname, '..', '..', '..'),
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const code = await runCli(run.words, cliProcess);
  return { code, stdout: stdout.text, stderr: stderr.text };
}
