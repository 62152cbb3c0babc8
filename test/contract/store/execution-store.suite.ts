/** What every ExecutionStore does, whatever it stands on. The sessions of the samples have to be there. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ExecutionStore } from '#core/ports';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import { allEvents, sampleEvents, sampleExecution, sampleId, sampleTime } from '../../support/sample-records.ts';

const unknownId = sampleId(99);
const metrics = { wall_ms: 12.5, cpu_ms: 3.25, events: 2, output_bytes: 6, memory_bytes: 1_048_576 };

/** Ids of the two sessions that `open` provides. */
export const sessionIds = [sampleId(2), sampleId(200)] as const;

export function describeExecutionStore(adapter: string, open: () => Promise<ExecutionStore>): void {
  describe(`ExecutionStore ${adapter}`, () => {
    let executions: ExecutionStore;
    beforeEach(async () => {
      executions = await open();
    });

    const begin = async (...changes: Partial<Execution>[]) => {
      for (const change of changes) await executions.begin(sampleExecution(change), []);
    };

    it('gives a running execution back as it began, without its events', async () => {
      const execution = sampleExecution({ kind: 'run_file', path: 'a/ü.js', args: [1, null], env: { A: 'b' } });
      await executions.begin(execution, sampleEvents(1));
      expect(await executions.find(execution.id)).toStrictEqual(execution);
      expect(await executions.events(execution.id, 0, allEvents)).toStrictEqual(sampleEvents(1));
    });

    it('finds nothing under an unknown id', async () => {
      expect(await executions.find(unknownId)).toBeUndefined();
      expect(await executions.events(unknownId, 0, allEvents)).toEqual([]);
    });

    it('ends an execution with its last events and its result', async () => {
      await executions.begin(sampleExecution(), sampleEvents(1));
      const result = { type: 'object', preview: '{ a: null }', json: { a: null } };
      const ended = sampleExecution({ status: 'ok', ended_at: sampleTime(1), result, metrics });
      await executions.finish(ended, sampleEvents(1, { from: 2 }));
      expect(await executions.find(ended.id)).toStrictEqual(ended);
      expect(await executions.events(ended.id, 0, allEvents)).toStrictEqual(sampleEvents(2));
    });

    it('ends an execution with the limit that stopped it', async () => {
      await begin({});
      const error = { message: 'Error: too slow', stack: '', limit: 'cpu_ms', allowed: 5000 } as const;
      const ended = sampleExecution({ status: 'timeout', ended_at: sampleTime(5), error, metrics });
      await executions.finish(ended, []);
      expect(await executions.find(ended.id)).toStrictEqual(ended);
    });

    it('keeps a result of null apart from no result', async () => {
      await begin({ args: null, env: null });
      const result = { type: 'undefined', preview: 'undefined', json: null };
      const ended = sampleExecution({ args: null, env: null, status: 'ok', ended_at: sampleTime(1), result });
      await executions.finish(ended, []);
      expect(await executions.find(ended.id)).toStrictEqual(ended);
    });

    it('refuses to end an execution that never began', async () => {
      await expect(executions.finish(sampleExecution({ status: 'ok' }), [])).rejects.toMatchObject({
        code: 'EXECUTION_NOT_FOUND',
      });
    });

    it('lists the executions of a session newest first, whatever the clock said when they began', async () => {
      await begin(
        { id: sampleId(31), started_at: sampleTime(1) },
        { id: sampleId(34), started_at: sampleTime(9) },
        { id: sampleId(33), session_id: sessionIds[1] },
        { id: sampleId(32), started_at: sampleTime(1) },
      );
      expect(idsOf(await executions.list(sessionIds[0], 50))).toEqual([sampleId(32), sampleId(34), sampleId(31)]);
      expect(idsOf(await executions.list(sessionIds[0], 2))).toEqual([sampleId(32), sampleId(34)]);
      expect(await executions.list(unknownId, 50)).toEqual([]);
    });

    it('tells the highest cell of a session, and none where none was numbered', async () => {
      expect(await executions.lastCell(sessionIds[0])).toBe(0);
      await begin(
        { id: sampleId(31), cell: 2 },
        { id: sampleId(32), cell: 1 },
        { id: sampleId(33), session_id: sessionIds[1], cell: 7 },
        { id: sampleId(34) },
      );
      expect(await executions.lastCell(sessionIds[0])).toBe(2);
      expect(await executions.find(sampleId(31))).toStrictEqual(sampleExecution({ id: sampleId(31), cell: 2 }));
    });

    it('tells the status of an execution alone', async () => {
      await begin({});
      expect(await executions.statusOf(sampleId(3))).toBe('running');
      expect(await executions.statusOf(unknownId)).toBeUndefined();
    });

    it('ends a page of events when it is large enough, with one event at least', async () => {
      await begin({});
      await executions.append(sampleEvents(9));
      const page = (maxBytes: number) => executions.events(sampleId(3), 2, { maxEvents: 5, maxBytes });
      expect(await page(1)).toStrictEqual(sampleEvents(1, { from: 3 }));
      expect(await page(1e6)).toStrictEqual(sampleEvents(5, { from: 3 }));
    });

    it('lists executions whole, but without their events', async () => {
      await executions.begin(sampleExecution(), sampleEvents(3));
      expect(await executions.list(sessionIds[0], 50)).toStrictEqual([sampleExecution()]);
    });

    it('gives events of every type back as they were stored', async () => {
      const events = everyType();
      await begin({});
      await executions.append(events);
      expect(await executions.events(sampleId(3), 0, allEvents)).toStrictEqual(events);
    });

    it('gives the events after a number, ascending, across batches of any size', async () => {
      await begin({});
      let from = 1;
      for (const count of [1, 15, 16, 17, 0, 256]) {
        await executions.append(sampleEvents(count, { from }));
        from += count;
      }
      expect(await executions.events(sampleId(3), 0, allEvents)).toStrictEqual(sampleEvents(305));
      expect(await executions.events(sampleId(3), 300, allEvents)).toStrictEqual(sampleEvents(5, { from: 301 }));
      expect(await executions.events(sampleId(3), 305, allEvents)).toEqual([]);
      expect(await executions.events(sampleId(3), 100, { maxEvents: 3, maxBytes: 1e6 })).toStrictEqual(
        sampleEvents(3, { from: 101 }),
      );
    });

    it('takes events of two executions in one batch', async () => {
      await begin({}, { id: sampleId(4) });
      const others = sampleEvents(20, { execution_id: sampleId(4) });
      await executions.append([...sampleEvents(20), ...others]);
      expect(await executions.events(sampleId(4), 0, allEvents)).toStrictEqual(others);
    });

    it('stores nothing of a batch that repeats a number', async () => {
      await executions.begin(sampleExecution(), sampleEvents(20));
      await expect(executions.append(sampleEvents(20, { from: 20 }))).rejects.toThrow();
      await expect(
        executions.append([...sampleEvents(1, { from: 21 }), ...sampleEvents(1, { from: 21 })]),
      ).rejects.toThrow();
      expect(await executions.events(sampleId(3), 0, allEvents)).toHaveLength(20);
    });

    it('keeps an execution running where its last events cannot be stored', async () => {
      await executions.begin(sampleExecution(), sampleEvents(1));
      await expect(executions.finish(sampleExecution({ status: 'ok' }), sampleEvents(1))).rejects.toThrow();
      expect(await executions.find(sampleId(3))).toStrictEqual(sampleExecution());
    });

    it('stores nothing of an execution whose first events cannot be stored', async () => {
      await expect(executions.begin(sampleExecution(), [...sampleEvents(1), ...sampleEvents(1)])).rejects.toThrow();
      expect(await executions.find(sampleId(3))).toBeUndefined();
    });

    it('refuses events of an execution that never began', async () => {
      await expect(executions.append(sampleEvents(1))).rejects.toThrow();
    });

    it('ends every running execution as interrupted, counts its events and leaves the others', async () => {
      await executions.begin(sampleExecution(), sampleEvents(3));
      await begin({ id: sampleId(4) }, { id: sampleId(5) });
      const ended = sampleExecution({ id: sampleId(5), status: 'ok', ended_at: sampleTime(1), metrics });
      await executions.finish(ended, []);

      expect(await executions.interruptRunning('the host ended', sampleTime(60))).toBe(2);

      const error = { message: 'the host ended', stack: '' };
      const end = { status: 'error', ended_at: sampleTime(60), error } as const;
      expect(await executions.find(sampleId(3))).toStrictEqual(
        sampleExecution({ ...end, metrics: { ...sampleExecution().metrics, events: 3 } }),
      );
      expect(await executions.find(sampleId(4))).toStrictEqual(sampleExecution({ id: sampleId(4), ...end }));
      expect(await executions.find(sampleId(5))).toStrictEqual(ended);
      expect(await executions.events(sampleId(3), 0, allEvents)).toStrictEqual(sampleEvents(3));
      expect(await executions.interruptRunning('again', sampleTime(61))).toBe(0);
    });
  });
}

function everyType(): ExecutionEvent[] {
  const drafts = [
    { type: 'input_echo', payload: { text: 'a\u0000b "quoted"\n' } },
    { type: 'console', payload: { level: 'warn', text: 'émoji 🙂' } },
    { type: 'value', payload: { type: 'number', preview: '42', json: 42 } },
    { type: 'exception', payload: { message: 'Error: no', stack: 'at cell 1:1:1' } },
    { type: 'system', payload: { message: 'restarted', level: 'info' } },
    { type: 'stdout', payload: { text: 'out' } },
    { type: 'stderr', payload: { text: '' } },
  ] as const;
  return drafts.map((draft, index) => ({ execution_id: sampleId(3), seq: index + 1, ts: sampleTime(index), ...draft }));
}

function idsOf(executions: readonly Execution[]): string[] {
  return executions.map((execution) => execution.id);
}
