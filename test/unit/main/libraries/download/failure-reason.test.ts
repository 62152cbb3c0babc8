import { expect, it } from 'vitest';
import { failureReason } from '#main/libraries/download/failure-reason';

const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

it('puts what to do before what npm says', () => {
  expect(failureReason(coded('E401', 'Unable to authenticate'))).toBe(
    'The registry asks for a login: try "npm login". Unable to authenticate',
  );
});

it('gives the message of an error it does not know, on one line', () => {
  expect(failureReason(coded('EACCES', 'no\n  way'))).toBe('no way');
  expect(failureReason('broken')).toBe('broken');
});

it('keeps logins in addresses to itself', () => {
  expect(failureReason(new Error('request to https://me:secret@registry.test/x failed'))).toBe(
    'request to https://registry.test/x failed',
  );
});

it('knows what to do by the error behind the error', () => {
  const cause = coded('E404', 'Not Found');
  expect(failureReason(new Error('a@1: Not Found', { cause }))).toBe(
    'The registry does not have this package. a@1: Not Found',
  );
});
