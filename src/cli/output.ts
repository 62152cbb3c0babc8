/**
 * Everything the CLI writes to stdout: an answer is either the raw object (`--json`) or lines for people.
 * It owns what reaches the terminal, so nothing is printed that was not made safe here.
 */
import { styleText } from 'node:util';
import type { TextSink } from './cli-process.ts';
import { briefLines } from './format/brief-lines.ts';
import { escapeControls, escapeControlsInLines } from './format/escape-controls.ts';
import { type Table, tableLines } from './format/table.ts';

export interface OutputOptions {
  readonly sink: TextSink;
  readonly json: boolean;
  /** Print only what a script goes on with. */
  readonly quiet?: boolean;
  readonly color: boolean;
}

export class Output {
  readonly #sink: TextSink;
  readonly #color: boolean;
  readonly #quiet: boolean;
  /** Whether the user asked for raw objects. */
  readonly json: boolean;

  constructor({ sink, json, color, quiet = false }: OutputOptions) {
    this.#sink = sink;
    this.#color = color;
    this.#quiet = quiet;
    this.json = json;
  }

  /** Whether only what a script goes on with is wanted; raw objects have the last word. */
  get isQuiet(): boolean {
    return this.#quiet && !this.json;
  }

  /** Prints one answer. */
  show(raw: unknown, lines: readonly string[]): void {
    if (this.json) this.#write([escapeControlsInLines(JSON.stringify(raw, undefined, 2))]);
    else this.#write(((this.#quiet ? briefLines(raw) : undefined) ?? lines).map(escapeControls));
  }

  /** Prints a list as a table, or a sentence where there is nothing to list. */
  showTable(raw: readonly unknown[], { none, ...table }: Table & { readonly none: string }): void {
    if (this.json || raw.length === 0) {
      this.show(raw, [none]);
      return;
    }
    const cells = { header: table.header, rows: table.rows.map((row) => row.map(escapeControls)) };
    const [header = '', ...rows] = tableLines(cells);
    this.#write([this.#bold(header), ...rows]);
  }

  /** Prints a part of a growing answer as soon as it is there: one JSON text per line with `--json`. */
  showPart(raw: unknown, lines: readonly string[]): void {
    this.#write((this.json ? [JSON.stringify(raw)] : lines).map(escapeControls));
  }

  /** Prints a text for a script, which gets it as it is; a terminal does not. */
  showText(text: string): void {
    this.#write([this.#sink.isTTY === true ? escapeControlsInLines(text) : text]);
  }

  /** Prints text of our own, which may hold escape sequences for colour. */
  showDocument(render: (color: boolean) => string): void {
    this.#write([render(this.#color)]);
  }

  #bold(text: string): string {
    return this.#color ? styleText('bold', text, { validateStream: false }) : text;
  }

  /** One write for one answer, so that a reader sees it whole. */
  #write(lines: readonly string[]): void {
    if (lines.length > 0) this.#sink.write(`${lines.join('\n')}\n`);
  }
}
