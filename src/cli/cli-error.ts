/** A failure of the CLI itself, not of the host: a wrong command line, or no host to talk to. */
import type { ErrorDetails } from '#shared/contract/error';
import type { CliErrorCode } from './exit-code.ts';

export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: CliErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}
