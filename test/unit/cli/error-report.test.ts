import { expect, it } from 'vitest';
import { failureLines, reportFailure } from '#cli/error-report';

function report(json: boolean, color: boolean): string {
  let written = '';
  const sink = { write: (text: string) => (written += text) };
  reportFailure({ code: 'FORBIDDEN', message: 'No.\u001b[2J', details: { why: 'a\nb' } }, { sink, json, color });
  return written;
}

it('prints the message and its code on one line', () => {
  expect(failureLines({ code: 'FORBIDDEN', message: 'No.' })).toEqual(['Error: No. (FORBIDDEN)']);
});

it('prints each fact on an indented line', () => {
  const details = { id: 'x', allowed: 3, nested: { a: 1 }, empty: [] as unknown[] };
  const lines = ['Error: No. (FORBIDDEN)', '  id: x', '  allowed: 3', '  nested: {"a":1}'];
  expect(failureLines({ code: 'FORBIDDEN', message: 'No.', details })).toEqual(lines);
});

it('prints the fields of a validation error by their paths', () => {
  const fields = [
    { path: 'limits.cpu_ms', message: 'must be at least 1' },
    { path: 'name', message: 'is required' },
  ];
  expect(failureLines({ code: 'VALIDATION_ERROR', message: 'No.', details: { fields } })).toEqual([
    'Error: No. (VALIDATION_ERROR)',
    '  limits.cpu_ms: must be at least 1',
    '  name: is required',
  ]);
});

it('does not repeat what the message already says', () => {
  const message = 'There is no file "a.js" in 7 folders: it is a link, see a b.';
  const details = { path: 'a.js', reason: 'it is a link', folders: 7, stack: 'a\nb', part: 'a.j', count: 1 };
  expect(failureLines({ code: 'FILE_NOT_FOUND', message, details })).toEqual([
    `Error: ${message} (FILE_NOT_FOUND)`,
    '  stack:',
    '    a',
    '    b',
    '  part: a.j',
    '  count: 1',
  ]);
});

it('prints of the fields only those that the message does not name', () => {
  const first = { path: 'id', message: 'must be a UUID' };
  const message = '"id" must be a UUID (and 1 more in details.fields).';
  const failure = { code: 'VALIDATION_ERROR', message };
  const head = `Error: ${message} (VALIDATION_ERROR)`;
  expect(failureLines({ ...failure, details: { fields: [first] } })).toEqual([head]);
  expect(failureLines({ ...failure, details: { fields: [first, { path: 'name', message: 'is required' }] } })).toEqual([
    head,
    '  name: is required',
  ]);
});

it('prints a stack as lines of its own', () => {
  const details = { file: 'a.js', stack: 'at f (a.js:1:1)\n    at g\n' };
  expect(failureLines({ code: 'STARTUP_FAILED', message: 'No.', details })).toEqual([
    'Error: No. (STARTUP_FAILED)',
    '  file: a.js',
    '  stack:',
    '    at f (a.js:1:1)',
    '    at g',
  ]);
});

it('paints only its first word', () => {
  expect(report(false, true)).toBe('\u001b[31mError:\u001b[39m No.\\u001b[2J (FORBIDDEN)\n  why:\n    a\n    b\n');
});

it('writes the envelope for programs, without colour', () => {
  const envelope = { error: { code: 'FORBIDDEN', message: 'No.\u001b[2J', details: { why: 'a\nb' } } };
  expect(JSON.parse(report(true, true))).toEqual(envelope);
});
