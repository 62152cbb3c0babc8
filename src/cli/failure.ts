/** Turns whatever a command threw into what the user is told: a code, a sentence, and the facts that go with it. */
import { ORPCError } from '@orpc/client';
import { CommanderError } from 'commander';
import type { ErrorDetails } from '#shared/contract/error';
import { CliError } from './cli-error.ts';
import { isPlainObject } from './is-plain-object.ts';

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly details?: ErrorDetails;
}

const usageHint = 'See "vm-system help", or add --help to the command.';

export function toFailure(error: unknown): Failure {
  if (error instanceof CliError) return withDetails(error.code, error.message, error.details);
  if (error instanceof ORPCError) return withDetails(error.code, error.message, error.data);
  if (error instanceof CommanderError) return { code: 'USAGE', message: usageMessage(error) };
  const reason = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return withDetails('CLI_DEFECT', `The CLI failed in a way it should not: ${reason}`, stack ? { stack } : undefined);
}

/** Commander writes `error: unknown command 'x'` and, on a line of its own, what was perhaps meant. */
function usageMessage(error: CommanderError): string {
  const sentence = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return `${sentence}${/[.)?]$/.test(sentence) ? '' : '.'} ${usageHint}`;
}

function withDetails(code: string, message: string, details: unknown): Failure {
  return isPlainObject(details) ? { code, message, details } : { code, message };
}
