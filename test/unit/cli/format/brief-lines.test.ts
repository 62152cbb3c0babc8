import { expect, it } from 'vitest';
import { briefLines } from '#cli/format/brief-lines';
import { stubSession } from '../../../support/stub-host.ts';

it.each([
  ['the id of what was made', stubSession, [stubSession.id]],
  ['nothing of its own for a list', [stubSession], undefined],
  ['nothing of its own where there is no id', { status: 'ok' }, undefined],
])('a quiet answer is %s', (_title, raw, lines) => {
  expect(briefLines(raw)).toEqual(lines);
});
