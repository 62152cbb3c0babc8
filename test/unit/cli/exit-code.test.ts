import { expect, it } from 'vitest';
import { exitCodeOf } from '#cli/exit-code';
import { errorTable } from '#shared/contract/error';

it('ends with what the error table says, for every code of the host', () => {
  const exits = Object.fromEntries(Object.entries(errorTable).map(([code, { exit }]) => [code, exit]));
  expect(Object.fromEntries(Object.keys(errorTable).map((code) => [code, exitCodeOf(code)]))).toEqual(exits);
});

it('has exit codes of the same families for what only the CLI can meet', () => {
  expect(exitCodeOf('USAGE')).toBe(2);
  expect(exitCodeOf('HOST_UNREACHABLE')).toBe(8);
  expect(exitCodeOf('UNEXPECTED_ANSWER')).toBe(8);
  expect(exitCodeOf('HOST_NOT_PROVEN')).toBe(exitCodeOf('UNAUTHORIZED'));
  expect(exitCodeOf('TOKEN_NOT_FOUND')).toBe(exitCodeOf('TEMPLATE_NOT_FOUND'));
  expect(exitCodeOf('CLI_DEFECT')).toBe(70);
});

it('takes a code it does not know for a failure, never for a success', () => {
  expect(exitCodeOf('INVENTED_LATER')).toBe(1);
  expect(exitCodeOf('toString')).toBe(1);
});
