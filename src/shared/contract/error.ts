/**
 * The error table: every code a client can meet, with what it means at each edge.
 * It owns the mapping to HTTP status, CLI exit code and retry advice, and nothing else may spell one of these numbers.
 * A code that is not in the table does not compile; a code without a mapping does not compile either.
 */

/** What one error code means outside the core. */
export interface ErrorMeaning {
  /** HTTP status of the response that carries the code. */
  readonly http: number;
  /** Exit code of a CLI command that meets the code. */
  readonly exit: number;
  /** Whether the same call can succeed later without being changed. */
  readonly retryable: boolean;
  /** `user`: the caller can put it right. `system`: the host or its machine has to. */
  readonly kind: 'user' | 'system';
}

/** CLI exit codes by family, so that a script can branch without parsing text. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  invalid: 3,
  notFound: 4,
  conflict: 5,
  refused: 6,
  limit: 7,
  unavailable: 8,
  system: 70,
} as const;

const user = (http: number, exit: number): ErrorMeaning => ({ http, exit, retryable: false, kind: 'user' });
const later = (http: number, exit: number): ErrorMeaning => ({ http, exit, retryable: true, kind: 'user' });
const system = (http: number, exit: number, retryable: boolean): ErrorMeaning => ({
  http,
  exit,
  retryable,
  kind: 'system',
});

export const errorTable = {
  VALIDATION_ERROR: user(400, exitCodes.invalid),
  INVALID_REQUEST: user(400, exitCodes.invalid),
  UNAUTHORIZED: user(401, exitCodes.refused),
  FORBIDDEN: user(403, exitCodes.refused),
  NOT_FOUND: user(404, exitCodes.notFound),
  TEMPLATE_NOT_FOUND: user(404, exitCodes.notFound),
  TEMPLATE_VERSION_NOT_FOUND: user(404, exitCodes.notFound),
  CAPABILITY_NOT_FOUND: user(404, exitCodes.notFound),
  STARTUP_FILE_NOT_FOUND: user(404, exitCodes.notFound),
  SESSION_NOT_FOUND: user(404, exitCodes.notFound),
  EXECUTION_NOT_FOUND: user(404, exitCodes.notFound),
  FILE_NOT_FOUND: user(404, exitCodes.notFound),
  OPERATION_NOT_FOUND: user(404, exitCodes.notFound),
  LIBRARY_NOT_FOUND: user(404, exitCodes.notFound),
  METHOD_NOT_ALLOWED: user(405, exitCodes.invalid),
  SESSION_NOT_READY: user(409, exitCodes.conflict),
  SESSION_BUSY: later(409, exitCodes.conflict),
  TEMPLATE_INACTIVE: user(409, exitCodes.conflict),
  TEMPLATE_NAME_TAKEN: user(409, exitCodes.conflict),
  CAPABILITY_NAME_TAKEN: user(409, exitCodes.conflict),
  PAYLOAD_TOO_LARGE: user(413, exitCodes.invalid),
  UNSUPPORTED_MEDIA_TYPE: user(415, exitCodes.invalid),
  INVALID_PATH: user(422, exitCodes.invalid),
  OUTPUT_LIMIT_EXCEEDED: user(422, exitCodes.limit),
  STARTUP_MODE_UNSUPPORTED: user(422, exitCodes.invalid),
  STARTUP_FAILED: user(422, exitCodes.failure),
  MODULE_NOT_ALLOWED: user(422, exitCodes.invalid),
  ENGINE_UNSUPPORTED: user(422, exitCodes.invalid),
  LIBRARY_NOT_CACHED: user(422, exitCodes.invalid),
  HEADERS_TOO_LARGE: user(431, exitCodes.invalid),
  INTERNAL: system(500, exitCodes.system, false),
  SESSION_LIMIT_REACHED: later(503, exitCodes.unavailable),
  TOO_MANY_STREAMS: later(503, exitCodes.unavailable),
  HOST_STOPPING: system(503, exitCodes.unavailable, true),
  STORE_WRITE_FAILED: system(507, exitCodes.system, true),
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorCode = keyof typeof errorTable;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}

/** The body of every failed call, on every transport. */
export interface ErrorEnvelope {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly details?: ErrorDetails };
}

/** Facts that go with an error: the ids at hand, and for validation which field and why. */
export type ErrorDetails = Readonly<Record<string, unknown>>;
