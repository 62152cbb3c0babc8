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
}

export function reportFailure(failure: Failure, { sink, json, color }: ReportOptions): void {
  if (json) {
    sink.write(`${escapeControlsInLines(JSON.stringify({ error: failure }, undefined, 2))}\n`);
    return;
  }
  const [first = '', ...details] = failureLines(failure).map(escapeControls);
  const head = color ? first.replace(/^Error:/, (word) => styleText('red', word, { validateStream: false })) : first;
  sink.write(`${[head, ...details].join('\n')}\n`);
}

/** `Error: MESSAGE (CODE)`, then one indented line per fact. */
export function failureLines(failure: Failure): string[] {
  const details = Object.entries(failure.details ?? {}).flatMap(([name, value]) => detailLines(name, value));
  return [`Error: ${failure.message} (${failure.code})`, ...details.map((line) => `  ${line}`)];
}

function detailLines(name: string, value: unknown): string[] {
  if (Array.isArray(value) && value.every(isFieldProblem))
    return value.map((field) => `${field.path}: ${field.message}`);
  if (typeof value !== 'string') return [`${name}: ${JSON.stringify(value)}`];
  const lines = value.trimEnd().split('\n');
  return lines.length === 1 ? [`${name}: ${value}`] : [`${name}:`, ...lines.map((line) => `  ${line.trim()}`)];
}

/** One entry of `fields` in the details of VALIDATION_ERROR. */
function isFieldProblem(value: unknown): value is { path: string; message: string } {
  return isPlainObject(value) && typeof value.path === 'string' && typeof value.message === 'string';
}
