import { expect, it } from 'vitest';
import { escapeControls, escapeControlsInLines } from '#cli/format/escape-controls';

it('makes control characters, line breaks and changes of direction visible', () => {
  expect(escapeControls('\u001b[2J\u0007\u007f\u009b31m\u202e\u2066\u2028\r\n\0')).toBe(
    '\\u001b[2J\\u0007\\u007f\\u009b31m\\u202e\\u2066\\u2028\\r\\n\\u0000',
  );
});

it('leaves all other text alone', () => {
  const text = 'tab\there, ümlaut, 漢字, 👩‍🚀, עברית, back\\slash';
  expect(escapeControls(text)).toBe(text);
});

it('keeps the meaning of a JSON text', () => {
  const value = { text: '\u009b\u202e\u2028\u007f' };
  const escaped = escapeControls(JSON.stringify(value));
  expect(escaped).toBe('{"text":"\\u009b\\u202e\\u2028\\u007f"}');
  expect(JSON.parse(escaped)).toEqual(value);
});

it('keeps the lines of a text that has some', () => {
  expect(escapeControlsInLines('a\u001b\nb')).toBe('a\\u001b\nb');
});
