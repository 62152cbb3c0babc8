import { describe, expect, it } from 'vitest';
import { endOfRun, outputLimitExceeded } from '#core/execution/execution-end';
import type { RunEnd } from '#core/ports';
import type { Execution } from '#shared/contract/execution';

const templateId = 'T-1';
const ts = '2026-11-20T10:00:00.000Z';
const summary = (end: RunEnd) => {
  const { status, result, error, events } = endOfRun({ end, usable: true, ts, templateId });
  return { status, result: result?.preview, error: error?.message, events: events.map((event) => event.type) };
};

describe('the end of an execution', () => {
  it.each<[string, RunEnd, ReturnType<typeof summary>]>([
    [
      'a value is a result and an event',
      { kind: 'value', value: { type: 'number', preview: '2', json: 2 } },
      { status: 'ok', result: '2', error: undefined, events: ['value'] },
    ],
    [
      'an exception is the error and an event',
      { kind: 'exception', exception: { message: 'TypeError: no', stack: 'at repl:1' } },
      { status: 'error', result: undefined, error: 'TypeError: no', events: ['exception'] },
    ],
    [
      'a cpu limit is a timeout that names the limit',
      { kind: 'limit', limit: 'cpu_ms', allowed: 100 },
      {
        status: 'timeout',
        result: undefined,
        error:
          'limit cpu_ms exceeded: 100 ms of CPU time allowed. ' +
          'To allow more in new sessions: vm-system template set-limits T-1 --cpu-ms N',
        events: ['system'],
      },
    ],
    [
      'a memory limit is an error that says out of memory',
      { kind: 'limit', limit: 'mem_mb', allowed: 16 },
      {
        status: 'error',
        result: undefined,
        error:
          'out of memory: limit mem_mb exceeded: 16 MB of memory allowed. ' +
          'To allow more in new sessions: vm-system template set-limits T-1 --mem-mb N',
        events: ['system'],
      },
    ],
    [
      'a cancelled run is cancelled',
      { kind: 'cancelled' },
      { status: 'cancelled', result: undefined, error: 'cancelled on request', events: ['system'] },
    ],
    [
      'a fault of the engine is an error',
      { kind: 'fault', message: 'memory access out of bounds' },
      {
        status: 'error',
        result: undefined,
        error: 'the runtime failed: memory access out of bounds',
        events: ['system'],
      },
    ],
  ])('%s', (_title, end, expected) => {
    expect(summary(end)).toEqual(expected);
  });

  it('says so in a system event when the state of the session is lost', () => {
    const { events } = endOfRun({
      end: { kind: 'limit', limit: 'cpu_ms', allowed: 100 },
      usable: false,
      ts,
      templateId,
    });
    expect(events.at(-1)).toMatchObject({
      type: 'system',
      payload: { level: 'warn', message: expect.stringContaining('state of the session is lost') },
    });
  });

  it('gives the hint for an exception before it, so that the exception stays the last word', () => {
    const end = { kind: 'exception', exception: { message: 'm', stack: '' } } as const;
    const { events } = endOfRun({ end, usable: true, ts, templateId, hint: 'try this' });
    expect(events).toEqual([
      { type: 'system', ts, payload: { message: 'try this', level: 'info' } },
      { type: 'exception', ts, payload: end.exception },
    ]);
  });

  it.each(['on request', 'because its session was closed', 'because the host was stopped'] as const)(
    'says that it was cancelled %s',
    (cancelReason) => {
      const { error } = endOfRun({ end: { kind: 'cancelled' }, usable: true, ts, templateId, cancelReason });
      expect(error?.message).toBe(`cancelled ${cancelReason}`);
    },
  );

  it('refuses the caller only for output limits', () => {
    const execution = (limit: 'max_events' | 'cpu_ms'): Execution => ({
      id: '00000000-0000-4000-8000-000000000001',
      session_id: '00000000-0000-4000-8000-000000000002',
      kind: 'repl',
      args: {},
      env: {},
      status: 'error',
      started_at: ts,
      error: { message: 'm', stack: '', limit, allowed: 5 },
      metrics: { wall_ms: 0, cpu_ms: 0, events: 0, output_bytes: 0, memory_bytes: 0 },
    });
    expect(outputLimitExceeded(execution('cpu_ms'))).toBeUndefined();
    expect(outputLimitExceeded(execution('max_events'))).toMatchObject({
      code: 'OUTPUT_LIMIT_EXCEEDED',
      message: expect.stringContaining('vm-system exec events 00000000-0000-4000-8000-000000000001'),
      details: { execution_id: '00000000-0000-4000-8000-000000000001', limit: 'max_events', allowed: 5 },
    });
  });
});
