import { describe, expect, it } from 'vitest';
import { isSameToken, proofOf } from '#main/rest/proof';

describe('the proof of a token', () => {
  it('is HMAC-SHA256 of the nonce under the token, in hex', () => {
    // RFC 4231, test case 2.
    expect(proofOf('Jefe', 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('tells tokens apart, whatever their lengths', () => {
    expect(['abc', 'abd', 'ab', 'abcd', ''].map((given) => isSameToken(given, 'abc'))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
