/**
 * The one error class of the product. A VmError says what failed, on what, and what to do; its code decides everything
 * else through the error table. Compare codes, never classes: errors cross threads and processes.
 */
import type { ErrorCode, ErrorDetails } from '#shared/contract/error';

export class VmError extends Error {
  override readonly name = 'VmError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}

/** Tells whether an unknown thrown value is a VmError, by shape. */
export function isVmError(error: unknown): error is VmError {
  return error instanceof Error && error.name === 'VmError' && 'code' in error;
}

/** A value that the type system says cannot exist. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
