/**
 * Shows how far libraries are while they come. On a terminal it is one line on stderr that changes and then is gone;
 * elsewhere nothing moves, so each phase is a line of the answer, once.
 */
import type { OperationProgress } from '#shared/contract/operation';
import type { Cli } from './cli.ts';
import { escapeControls } from './format/escape-controls.ts';

const clearLine = '\r\u001b[2K';
const showEveryMs = 100;

export class LibraryProgress {
  readonly #cli: Cli;
  readonly #phases = new Set<string>();
  #shownMs = Number.NEGATIVE_INFINITY;
  #isShown = false;

  constructor(cli: Cli) {
    this.#cli = cli;
  }

  get isLive(): boolean {
    return this.#cli.process.stderr.isTTY === true && !this.#cli.output.json;
  }

  /** Changes the line on a terminal. */
  show(subject: string, progress: OperationProgress): void {
    const nowMs = performance.now();
    if (!this.isLive || nowMs - this.#shownMs < showEveryMs) return;
    this.#shownMs = nowMs;
    this.#isShown = true;
    this.#cli.process.stderr.write(`${clearLine}${escapeControls(progressLine(subject, progress))}`);
  }

  /** The same, and where there is no terminal a line for each phase that is new. */
  tell(subject: string, progress: OperationProgress): void {
    this.show(subject, progress);
    const { phase } = progress;
    if (this.isLive || this.#cli.output.json || this.#phases.has(phase)) return;
    this.#phases.add(phase);
    this.#cli.output.showPart(undefined, [`${capitalised(phase)}: ${subject}`]);
  }

  /** Takes the line away, so that another can be written. */
  clear(): void {
    if (this.#isShown) this.#cli.process.stderr.write(clearLine);
    this.#isShown = false;
    this.#shownMs = Number.NEGATIVE_INFINITY;
  }
}

function progressLine(subject: string, { phase, bytes, done, total }: OperationProgress): string {
  const packages = total > 1 ? `, ${done} of ${total} packages` : '';
  const size = bytes > 0 ? `, ${(bytes / 1000).toFixed(0)} kB` : '';
  return `${subject}: ${phase}${packages}${size}`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
