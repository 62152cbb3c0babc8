import { expect, it } from 'vitest';
import { moveOperation, type OperationCommand } from '#core/operation/operation-state';
import { sampleOperation } from '../../../../support/sample-operation.ts';
import { sampleTime } from '../../../../support/sample-records.ts';

const progress = { phase: 'fetching', bytes: 7, done: 1, total: 2 };
const at = sampleTime(9);

it('moves on while it runs', () => {
  const running = sampleOperation();
  expect(moveOperation(running, { kind: 'progress', progress })).toEqual({ ...running, progress });
});

const ends: [command: OperationCommand, change: object][] = [
  [
    { kind: 'succeed', result: { a: 1 }, at },
    { status: 'ok', result: { a: 1 }, ended_at: at },
  ],
  [
    { kind: 'fail', message: 'no', at },
    { status: 'error', error: { message: 'no' }, ended_at: at },
  ],
  [
    { kind: 'cancel', at },
    { status: 'cancelled', ended_at: at },
  ],
];

it.each(ends)('ends once by %j', (command, change) => {
  const running = sampleOperation();
  const ended = moveOperation(running, command);
  expect(ended).toEqual({ ...running, ...change });
  for (const [again] of ends) expect(() => moveOperation(ended, again)).toThrow('is over');
  expect(() => moveOperation(ended, { kind: 'progress', progress })).toThrow('is over');
});
