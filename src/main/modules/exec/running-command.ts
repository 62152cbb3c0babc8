/**
 * One command from its start until nothing of it is left. It leads a process group of its own; whatever it started ends
 * with it, for nobody would be there to wait for what goes on. It owns time, output and the end, and knows no guest.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { endMarked, endProcess } from './linux-processes.ts';
import { OutputCollector } from './output-collector.ts';

export interface CommandOrder {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The folder by which processes of this command are known. */
  readonly mark: string;
  /** What it reads; without it, it reads nothing. */
  readonly input?: Uint8Array | undefined;
  readonly timeoutMs: number;
  print(stream: 'stdout' | 'stderr', text: string): void;
}

export type StopReason = 'timeout' | 'abort' | 'flood' | 'closed';

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether more was written than was kept. */
  readonly isCut: boolean;
  /** Why it was ended from here, where it was. */
  readonly stopped: StopReason | undefined;
}

/** How long a command may take to put things in order once it was asked to end. */
const graceMs = 2000;
/** How long a pipe may stay open that a process holds of which nobody knows. */
const drainMs = 500;

export class RunningCommand {
  readonly pid: number | undefined;
  /** Rejects where the program could not be started. */
  readonly ended: Promise<CommandEnd>;
  readonly #child: ChildProcess;
  readonly #outputs: readonly [stdout: OutputCollector, stderr: OutputCollector];
  #stopped: StopReason | undefined;

  /** Throws, or rejects at `ended`, where the program cannot be started. */
  static async start(order: CommandOrder): Promise<RunningCommand> {
    const mark = await open(order.mark, 'r');
    try {
      return new RunningCommand(order, mark.fd);
    } finally {
      await mark.close();
    }
  }

  private constructor(order: CommandOrder, markFd: number) {
    const { program, args, cwd, env, input, mark } = order;
    this.#child = spawn(program, args, {
      cwd,
      env,
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', markFd],
    });
    this.pid = this.#child.pid;
    this.#outputs = [this.#collect('stdout', order), this.#collect('stderr', order)];
    this.#feed(input);
    this.ended = this.#watch(mark, order.timeoutMs);
    // Whoever waits gets it all the same.
    this.ended.catch(() => undefined);
  }

  /** Asks the command to end, and makes it after a while; a flood and a closing session have no time to ask. */
  stop(reason: StopReason): void {
    if (this.#stopped !== undefined && reason !== 'closed') return;
    this.#stopped ??= reason;
    if (reason === 'flood' || reason === 'closed') {
      this.#signal('SIGKILL');
      return;
    }
    this.#signal('SIGTERM');
    const timer = setTimeout(() => this.#signal('SIGKILL'), graceMs);
    this.#child.once('exit', () => clearTimeout(timer));
  }

  async #watch(mark: string, timeoutMs: number): Promise<CommandEnd> {
    const timer = setTimeout(() => this.stop('timeout'), timeoutMs);
    try {
      const closed = once(this.#child, 'close');
      closed.catch(() => undefined);
      const [code, signal] = await once(this.#child, 'exit');
      clearTimeout(timer);
      this.#signal('SIGKILL');
      await endMarked(mark);
      await Promise.race([closed, delay(drainMs, undefined, { ref: false })]);
      return this.#endWith(code, signal);
    } finally {
      clearTimeout(timer);
    }
  }

  #endWith(code: number | null, signal: NodeJS.Signals | null): CommandEnd {
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.destroy();
    const [stdout, stderr] = this.#outputs;
    stdout.finish();
    stderr.finish();
    const isCut = stdout.isCut || stderr.isCut;
    return { code, signal, stdout: stdout.text, stderr: stderr.text, isCut, stopped: this.#stopped };
  }

  #collect(name: 'stdout' | 'stderr', { print }: CommandOrder): OutputCollector {
    const stream = this.#child[name];
    if (stream === null) throw new Error(`The command was started without a pipe for its ${name}`);
    return new OutputCollector(stream, { print: (text) => print(name, text), onFlood: () => this.stop('flood') });
  }

  #feed(input: Uint8Array | undefined): void {
    // A command need not read what it is given.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdin?.end(input);
  }

  /** To the whole group, which may outlive the command itself. */
  #signal(signal: NodeJS.Signals): void {
    if (this.pid === undefined) return;
    if (process.platform !== 'win32') endProcess(-this.pid, signal);
    else spawn('taskkill', ['/pid', String(this.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).unref();
  }
}
