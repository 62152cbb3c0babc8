/**
 * What `--quiet` tells of code that is run, so that `$(…)` holds its value and nothing else: the value goes to stdout, and
 * what the host and the guest say beside it to stderr. Code that failed has no value; that is a failed command here.
 */
import { exitCodes } from '#shared/contract/error';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import type { Cli } from './cli.ts';
import { interruptedExitCode } from './exit-code.ts';
import { escapeControlsInLines } from './format/escape-controls.ts';
import { valueText } from './format/value-text.ts';

export function showValueOf(cli: Cli, { status, result, error }: Execution): void {
  if (status === 'ok') {
    const text = valueText(result);
    if (text !== undefined) cli.output.showText(text);
    return;
  }
  if (cli.exitCode === interruptedExitCode) return;
  cli.exitCode = exitCodes.failure;
  complain(cli, `${error?.message ?? `The execution has no value, because it is ${status}.`}\n`);
}

export function tellEvent(cli: Cli, event: ExecutionEvent): void {
  const text = asideOf(event);
  if (text !== undefined) complain(cli, text);
}

const levelWords = { info: 'Hint', warn: 'Warning', error: 'Error' } as const;

/** Undefined for what is told otherwise: the code, its value, and what it threw. */
function asideOf({ type, payload }: ExecutionEvent): string | undefined {
  switch (type) {
    case 'system':
      return `${levelWords[payload.level]}: ${payload.message}\n`;
    case 'console':
      return `${payload.text}\n`;
    case 'stdout':
    case 'stderr':
      return payload.text;
    case 'display':
      return `${String(payload.data['text/plain'])}\n`;
    default:
      return undefined;
  }
}

function complain({ process }: Cli, text: string): void {
  process.stderr.write(escapeControlsInLines(text));
}
