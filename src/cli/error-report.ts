/** Writes a failure to stderr: the sentence and its code, then the facts that help, or the envelope with `--json`. */
import { styleText } from 'node:util';
import type { TextSink } from './cli-process.ts';
import type { Failure } from './failure.ts';
import { escapeControls, escapeControlsInLines } from './format/escape-controls.ts';
import { isPlainObject } from './is-plain-object.ts';

export interface ReportOptions {
  readonly sink: TextSink;
  readonly json: boolean;
  readonly color: boolean;
  /** What to do about it, for people. */
  readonly hint?: string | undefined;
}

export function reportFailure(failure: Failure, { sink, json, color, hint }: ReportOptions): void {
  if (json) {
    sink.write(`${escapeControlsInLines(JSON.stringify({ error: failure }, undefined, 2))}\n`);
    return;
  }
  const lines = [...failureLines(failure), ...(hint === undefined ? [] : [`  ${hint}`])];
  const [first = '', ...details] = lines.map(escapeControls);
  const head = color ? first.replace(/^Error:/, (word) => styleText('red', word, { validateStream: false })) : first;
  sink.write(`${[head, ...details].join('\n')}\n`);
}

/** `Error: MESSAGE (CODE)`, then one indented line per fact that the message does not hold. */
export function failureLines({ code, message, details = {} }: Failure): string[] {
  const facts = Object.entries(details).flatMap(([name, value]) => detailLines(name, value, message));
  return [`Error: ${message} (${code})`, ...facts.map((line) => `  ${line}`)];
}

function detailLines(name: string, value: unknown, message: string): string[] {
  if (Array.isArray(value) && value.every(isFieldProblem)) {
    const untold = value.filter((field) => !(says(message, field.path) && says(message, field.message)));
    return untold.map((field) => `${field.path}: ${field.message}`);
  }
  const text = typeof value === 'string' ? value.trimEnd() : JSON.stringify(value);
  if (says(message, text)) return [];
  const lines = text.split('\n');
  return lines.length === 1 ? [`${name}: ${text}`] : [`${name}:`, ...lines.map((line) => `  ${line.trim()}`)];
}

/** Whether a text stands in the message, and not as a part of a longer word. */
function says(message: string, text: string): boolean {
  const pattern = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<!\\w)${pattern}(?!\\w)`).test(message);
}

/** One entry of `fields` in the details of VALIDATION_ERROR. */
function isFieldProblem(value: unknown): value is { path: string; message: string } {
  return isPlainObject(value) && typeof value.path === 'string' && typeof value.message === 'string';
}
