/** Texts as the engine serializes them, to UTF-8 and back. */
import { StringDecoder } from 'node:string_decoder';
import { expect, test } from 'vitest';
import { serializedLatin1, serializedText, utf8Of } from '#main/runtime/worker/guest-text';

const decode = (bytes: Uint8Array) => {
  const decoder = new StringDecoder('utf8');
  return serializedText(bytes, { write: (piece) => decoder.write(Buffer.from(piece)), end: () => decoder.end() });
};

test.each([
  ['nothing', ''],
  ['ASCII with a NUL', 'a\0b'],
  ['Latin-1', 'é'],
  ['what is wider', '€😀'],
  ['a long text whose end alone is wide', `${'é'.repeat(1_500_000)}€`],
  ['pieces that end within a character', `a${'😀'.repeat(600_000)}`],
])('%s survives', (_name, text) => {
  expect(Buffer.from(utf8Of(decode(Buffer.from(text)))).toString() === text).toBe(true);
});

test('the form is the one of the engine', () => {
  expect(Buffer.from(serializedLatin1(Buffer.from('ab'))).toString('hex')).toBe('050007046162');
  expect(Buffer.from(decode(Buffer.from('€'))).toString('hex')).toBe('05000703ac20');
});

test('half of a pair becomes the replacement character', () => {
  expect(Buffer.from(utf8Of(Buffer.from('0500070300d8', 'hex'))).toString()).toBe('\ufffd');
});

test('what is no text is refused', () => {
  expect(() => utf8Of(Buffer.from('05000b01', 'hex'))).toThrow('no text');
});
