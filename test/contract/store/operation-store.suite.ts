/** What every OperationStore does, whatever it stands on. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { OperationStore } from '#core/ports';
import type { Operation } from '#shared/contract/operation';
import { sampleOperation } from '../../support/sample-operation.ts';
import { sampleId, sampleTime } from '../../support/sample-records.ts';

export function describeOperationStore(adapter: string, open: () => OperationStore): void {
  describe(`OperationStore ${adapter}`, () => {
    let operations: OperationStore;
    beforeEach(() => {
      operations = open();
    });

    const insert = async (...changes: Partial<Operation>[]) => {
      for (const change of changes) await operations.insert(sampleOperation(change));
    };
    const ids = async () => (await operations.list()).map(({ id }) => id);

    it('gives an operation back as it was stored', async () => {
      const progress = { phase: 'fetching', bytes: 7, done: 1, total: 3 };
      await insert({ subject: 'ü@^1', progress }, { id: sampleId(42) });
      expect(await operations.find(sampleId(41))).toStrictEqual(sampleOperation({ subject: 'ü@^1', progress }));
      expect(await operations.find(sampleId(99))).toBeUndefined();
    });

    it('writes how one ended: well, badly or not at all', async () => {
      const ends: Partial<Operation>[] = [
        { id: sampleId(51), status: 'ok', result: { name: 'a', list: [1, null] } },
        { id: sampleId(52), status: 'error', error: { message: 'no' } },
        { id: sampleId(53), status: 'cancelled', progress: { phase: 'fetching', bytes: 1, done: 0, total: 1 } },
      ];
      for (const end of ends) {
        await insert({ id: end.id ?? '' });
        await operations.finish(sampleOperation({ ...end, ended_at: sampleTime(3), subject: 'another' }));
      }
      const stored = ends.map((end) => sampleOperation({ ...end, ended_at: sampleTime(3) }));
      expect(await operations.list()).toStrictEqual(stored.reverse());
    });

    it('refuses a second operation of one id', async () => {
      await insert({ subject: 'first' });
      await expect(insert({ subject: 'second' })).rejects.toThrow();
      expect(await operations.list()).toStrictEqual([sampleOperation({ subject: 'first' })]);
    });

    it('lists them newest first, whatever the clock said', async () => {
      await insert({ id: sampleId(61), started_at: sampleTime(9) }, { id: sampleId(62), started_at: sampleTime(1) });
      expect(await ids()).toEqual([sampleId(62), sampleId(61)]);
    });

    it('ends what runs as an error, and nothing else', async () => {
      await insert({ id: sampleId(61) }, { id: sampleId(62), status: 'ok' }, { id: sampleId(63) });
      expect(await operations.interruptRunning('interrupted', sampleTime(4))).toBe(2);
      const end = { status: 'error', ended_at: sampleTime(4), error: { message: 'interrupted' } } as const;
      expect(await operations.list()).toStrictEqual([
        sampleOperation({ id: sampleId(63), ...end }),
        sampleOperation({ id: sampleId(62), status: 'ok' }),
        sampleOperation({ id: sampleId(61), ...end }),
      ]);
      expect(await operations.interruptRunning('again', sampleTime(5))).toBe(0);
    });

    it('keeps the newest ended ones and all that run', async () => {
      await insert(
        { id: sampleId(61) },
        { id: sampleId(62), status: 'ok' },
        { id: sampleId(63), status: 'error' },
        { id: sampleId(64), status: 'cancelled' },
      );
      expect(await operations.prune(2)).toBe(1);
      expect(await ids()).toEqual([sampleId(64), sampleId(63), sampleId(61)]);
      expect(await operations.prune(2)).toBe(0);
    });
  });
}
