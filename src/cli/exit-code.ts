/**
 * The one mapping from an error code to the exit code of the CLI. Codes of the host come from the error table of the
 * contract; the few that only the CLI can meet stand here, with numbers of the same families.
 */
import { errorTable, exitCodes, isErrorCode } from '#shared/contract/error';

const cliErrorTable = {
  /** The command line is wrong. */
  USAGE: exitCodes.usage,
  /** Nothing answers at the server URL, or the connection broke. */
  HOST_UNREACHABLE: exitCodes.unavailable,
  /** Something answers there, but it is no vm-system host. */
  UNEXPECTED_ANSWER: exitCodes.unavailable,
  /** The host asks for the token and could not prove that it holds it already. */
  HOST_NOT_PROVEN: exitCodes.refused,
  /** No run file names a token for the server URL. */
  TOKEN_NOT_FOUND: exitCodes.notFound,
  /** At least one library could not be brought into the cache. */
  LIBRARY_DOWNLOAD_FAILED: exitCodes.failure,
  /** `--quiet` asks for a value that cannot be printed whole. */
  VALUE_NOT_WHOLE: exitCodes.failure,
  /** The cache folder of this machine holds no such library. */
  LIBRARY_NOT_FOUND: errorTable.LIBRARY_NOT_FOUND.exit,
  /** A defect of the CLI. */
  CLI_DEFECT: exitCodes.system,
} as const satisfies Record<string, number>;

export type CliErrorCode = keyof typeof cliErrorTable;

/** What a shell expects of a program that Ctrl-C ended: 128 + SIGINT. */
export const interruptedExitCode = 130;

/** A code that a newer host may send, and this CLI does not know, is a plain failure. */
export function exitCodeOf(code: string): number {
  if (isErrorCode(code)) return errorTable[code].exit;
  return isCliErrorCode(code) ? cliErrorTable[code] : exitCodes.failure;
}

function isCliErrorCode(code: string): code is CliErrorCode {
  return Object.hasOwn(cliErrorTable, code);
}
