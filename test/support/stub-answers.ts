/** Canned nouns of the contract, valid to the letter. */
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import type { Template } from '#shared/contract/template';

export const knownId = '7f1b6a52-51a0-4b7e-9a53-0d9d2c1e8f00';

const time = '2026-11-20T09:30:00.000Z';

export function aTemplate(name: string): Template {
  return {
    id: knownId,
    name,
    engine: 'quickjs',
    is_active: true,
    exposed_modules: [],
    libraries: [],
    version: 1,
    created_at: time,
    updated_at: time,
  };
}

export function anExecution(sessionId: string): Execution {
  return {
    id: knownId,
    session_id: sessionId,
    kind: 'repl',
    args: {},
    env: {},
    status: 'ok',
    started_at: time,
    metrics: { wall_ms: 1, cpu_ms: 1, events: 0, output_bytes: 0, memory_bytes: 0 },
  };
}

export function anEvent(executionId: string, seq: number): ExecutionEvent {
  return { execution_id: executionId, seq, ts: time, type: 'stdout', payload: { text: `line ${seq}` } };
}
