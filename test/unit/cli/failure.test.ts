import { ORPCError } from '@orpc/client';
import { CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { CliError } from '#cli/cli-error';
import { toFailure } from '#cli/failure';

it('keeps code, message and details of a refusal by the host', () => {
  const error = new ORPCError('SESSION_BUSY', { status: 409, message: 'Busy.', data: { session_id: 'x' } });
  expect(toFailure(error)).toEqual({ code: 'SESSION_BUSY', message: 'Busy.', details: { session_id: 'x' } });
});

it('leaves details out that are no object', () => {
  expect(toFailure(new ORPCError('SESSION_BUSY', { status: 409, message: 'Busy.', data: 'x' }))).toEqual({
    code: 'SESSION_BUSY',
    message: 'Busy.',
  });
});

it('keeps what a failure of the CLI says', () => {
  expect(toFailure(new CliError('HOST_UNREACHABLE', 'Nobody there.', { cause: new Error('x') }))).toEqual({
    code: 'HOST_UNREACHABLE',
    message: 'Nobody there.',
  });
});

it('turns what the command line parser says into a sentence with a hint', () => {
  const error = new CommanderError(1, 'commander.unknownCommand', "error: unknown command 'x'\n(Did you mean y?)");
  expect(toFailure(error)).toEqual({
    code: 'USAGE',
    message: `unknown command 'x' (Did you mean y?) See "vm-system help", or add --help to the command.`,
  });
});

it('owns up to a defect, with its stack', () => {
  const error = new TypeError('x is not a function');
  expect(toFailure(error)).toEqual({
    code: 'CLI_DEFECT',
    message: 'The CLI failed in a way it should not: x is not a function',
    details: { stack: error.stack },
  });
});
