import { expect, it } from 'vitest';
import { briefLines } from '#cli/format/brief-lines';
import { stubExecution, stubSession } from '../../../support/stub-host.ts';

const ended = (fields: object) => ({ ...stubExecution, ...fields });

it.each([
  ['the id of what was made', stubSession, [stubSession.id]],
  ['a text as it is', ended({ error: undefined, result: { type: 'string', preview: 'a b', json: 'a b' } }), ['a b']],
  [
    'other values as JSON',
    ended({ error: undefined, result: { type: 'object', preview: '{ a: 1 }', json: { a: 1 } } }),
    ['{"a":1}'],
  ],
  [
    'the preview of what has no JSON',
    ended({ error: undefined, result: { type: 'symbol', preview: 'Symbol(a)' } }),
    ['Symbol(a)'],
  ],
  ['the message of an error', ended({ error: { message: 'Error: no', stack: '' } }), ['Error: no']],
  ['nothing of its own for a list', [stubSession], undefined],
  ['nothing of its own where there is no id', { status: 'ok' }, undefined],
])('a quiet answer is %s', (_title, raw, lines) => {
  expect(briefLines(raw)).toEqual(lines);
});
