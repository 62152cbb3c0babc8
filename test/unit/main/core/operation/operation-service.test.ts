import { expect, it } from 'vitest';
import type { Operation } from '#shared/contract/operation';
import { coreOnFakes } from '../../../../support/core-on-fakes.ts';
import { sampleOperation } from '../../../../support/sample-operation.ts';
import { sampleId } from '../../../../support/sample-records.ts';

const wanted = { name: 'lodash', version: '4.17.21' };

/** Everything that operations said of themselves, in order. */
function following({ core }: ReturnType<typeof coreOnFakes>) {
  const reader = core.hostEvents.follow(undefined);
  return async (count: number): Promise<Operation[]> => {
    const operations: Operation[] = [];
    while (operations.length < count) {
      const { value } = await reader.next();
      if (value?.event.type === 'operation_changed') operations.push(value.event.operation);
    }
    return operations;
  };
}

it('answers at once, tells how far it is, and ends with the result', async () => {
  const host = coreOnFakes();
  const next = following(host);
  const { id, status, subject } = await host.core.libraries.add(wanted);
  expect({ status, subject }).toEqual({ status: 'running', subject: 'lodash@4.17.21' });
  const [first] = await next(1);
  expect(first).toMatchObject({ id, status: 'running', progress: { phase: 'waiting' } });
  const progress = { phase: 'fetching', bytes: 7, done: 0, total: 1 };
  host.installer.installations[0]?.report(progress);
  expect(await host.core.operations.get(id)).toMatchObject({ status: 'running', progress });
  expect(await next(1)).toMatchObject([{ progress }]);
  host.installer.installations[0]?.succeed();
  const [ended] = await next(1);
  expect(ended).toMatchObject({ status: 'ok', progress, result: { name: 'lodash-4.17.21' } });
  expect(await host.core.operations.get(id)).toEqual(ended);
  expect(await host.operations.find(id)).toEqual(ended);
});

it('tells of each phase at once, and of what happens within it now and then', async () => {
  const host = coreOnFakes();
  const next = following(host);
  await host.core.libraries.add(wanted);
  for (let bytes = 1; bytes <= 500; bytes += 1) {
    host.installer.installations[0]?.report({ phase: 'fetching', bytes, done: 0, total: 1 });
  }
  host.installer.installations[0]?.report({ phase: 'storing', bytes: 500, done: 1, total: 1 });
  const phases = (await next(3)).map(({ progress }) => [progress.phase, progress.bytes]);
  expect(phases).toEqual([
    ['waiting', 0],
    ['fetching', 1],
    ['storing', 500],
  ]);
});

it('ends as an error where the work fails, with its message', async () => {
  const host = coreOnFakes();
  const next = following(host);
  await host.core.libraries.add(wanted);
  host.installer.installations[0]?.fail(new Error('The registry does not have this package.'));
  const [, ended] = await next(2);
  expect(ended).toMatchObject({ status: 'error', error: { message: 'The registry does not have this package.' } });
});

it('is cancelled once, and stays what it became', async () => {
  const { core, installer, operations } = coreOnFakes();
  const { id } = await core.libraries.add(wanted);
  const cancelled = await core.operations.cancel(id);
  expect(cancelled).toMatchObject({ id, status: 'cancelled', ended_at: expect.any(String) });
  expect(installer.installations[0]?.abort.aborted).toBe(true);
  expect(await core.operations.cancel(id)).toEqual(cancelled);
  expect(await operations.find(id)).toEqual(cancelled);
});

it('lets four work at once; one that waits is cancelled without waiting', async () => {
  const { core, installer } = coreOnFakes();
  const begun: Operation[] = [];
  for (let count = 0; count < 6; count += 1) begun.push(await core.libraries.add(wanted));
  expect(installer.installations).toHaveLength(4);
  expect(await core.operations.cancel(begun[4]?.id ?? '')).toMatchObject({ status: 'cancelled' });
  expect(installer.installations).toHaveLength(4);
  await core.operations.cancel(begun[0]?.id ?? '');
  expect(installer.installations).toHaveLength(5);
  await core.operations.stop();
  expect((await core.operations.list()).map(({ status }) => status)).toEqual(Array(6).fill('cancelled'));
});

it('lists what runs as it is now, newest first', async () => {
  const { core, installer } = coreOnFakes();
  const first = await core.libraries.add(wanted);
  const second = await core.libraries.add({ ...wanted, version: '^4' });
  installer.installations[0]?.report({ phase: 'fetching', bytes: 1, done: 0, total: 1 });
  const listed = (await core.operations.list()).map(({ id, progress }) => [id, progress.phase]);
  expect(listed).toEqual([
    [second.id, 'waiting'],
    [first.id, 'fetching'],
  ]);
});

it('refuses an unknown id', async () => {
  const { core } = coreOnFakes();
  const refusal = { code: 'OPERATION_NOT_FOUND', details: { operation_id: sampleId(9) } };
  await expect(core.operations.get(sampleId(9))).rejects.toMatchObject(refusal);
  await expect(core.operations.cancel(sampleId(9))).rejects.toMatchObject(refusal);
});

it('begins nothing that could not be stored', async () => {
  const { core, installer } = coreOnFakes((method) => {
    if (method === 'insert') throw new Error('disk full');
  });
  await expect(core.libraries.add(wanted)).rejects.toThrow('disk full');
  expect(installer.installations).toEqual([]);
});

it('remembers an end that could not be stored for as long as the host lives', async () => {
  const host = coreOnFakes((method) => {
    if (method === 'finish') throw new Error('disk full');
  });
  const { id } = await host.core.libraries.add(wanted);
  const cancelled = await host.core.operations.cancel(id);
  expect(await host.core.operations.get(id)).toEqual(cancelled);
  expect(host.log.entries).toMatchObject([{ level: 'error', message: 'the end of an operation could not be stored' }]);
});

it('ends what an earlier host left running, and forgets the oldest of very many', async () => {
  const { core, operations, log } = coreOnFakes();
  const ended = { status: 'ok', ended_at: sampleOperation().started_at } as const;
  for (let n = 0; n < 505; n += 1) await operations.insert(sampleOperation({ id: sampleId(1000 + n), ...ended }));
  await operations.insert(sampleOperation({ id: sampleId(41) }));
  await core.reconcile();
  expect(await core.operations.get(sampleId(41))).toMatchObject({
    status: 'error',
    error: { message: 'interrupted by restart' },
  });
  expect(await core.operations.list()).toHaveLength(500);
  expect(log.entries).toMatchObject([{ level: 'warn', fields: { operations: 1 } }]);
});
