/** What every command works with: the global flags, the host, the way to answer, and the exit code to end with. */
import { exitCodes } from '#shared/contract/error';
import type { CliProcess, TextSink } from './cli-process.ts';
import type { HostClient } from './client.ts';
import { escapeControls } from './format/escape-controls.ts';
import { type GlobalOptions, serverUrlOf } from './global-options.ts';
import { Output } from './output.ts';

export class Cli {
  readonly process: CliProcess;
  readonly #readOptions: () => GlobalOptions;
  /** What the program ends with if nothing is thrown. */
  exitCode: number = exitCodes.ok;

  /** The flags are known only once the command line was read, hence the function. */
  constructor(process: CliProcess, readOptions: () => GlobalOptions) {
    this.process = process;
    this.#readOptions = readOptions;
  }

  get options(): GlobalOptions {
    return this.#readOptions();
  }

  get serverUrl(): string {
    return serverUrlOf(this.options, this.process.env);
  }

  get output(): Output {
    const sink = this.process.stdout;
    const { json = false, quiet = false } = this.options;
    return new Output({ sink, json, quiet, color: this.usesColor(sink) });
  }

  /** The client is loaded here, so that `--help` and `serve` do not wait for it. */
  async connect(): Promise<HostClient> {
    const { connect } = await import('./connect.ts');
    return connect({ serverUrl: this.serverUrl, isVerbose: this.options.logLevel === 'debug', process: this.process });
  }

  /** Tells of what was done, but will hardly be what was meant. */
  warn(sentence: string): void {
    this.process.stderr.write(`Warning: ${escapeControls(sentence)}\n`);
  }

  /** Colour is for terminals, and for people who did not decline it (https://no-color.org). */
  usesColor(sink: TextSink): boolean {
    return sink.isTTY === true && this.options.color && !this.process.env.NO_COLOR;
  }
}
