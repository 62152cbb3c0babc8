import { expect, it } from 'vitest';
import { executionBlock, executionDetailLines, executionRow } from '#cli/format/execution-lines';
import type { Execution } from '#shared/contract/execution';
import { executionId, sessionId, stubEvents, stubExecution } from '../../../support/stub-host.ts';

const { result: _, ...withoutResult } = stubExecution;
const timedOut: Execution = {
  ...withoutResult,
  status: 'timeout',
  error: { message: 'cpu_ms', stack: '', limit: 'cpu_ms', allowed: 5 },
};

it('prints the block that scripts parse', () => {
  expect(executionBlock({ ...stubExecution, events: stubEvents('1\n2') })).toEqual([
    `Execution ID: ${executionId}`,
    'Status: ok',
    'Result: {"type":"number","preview":"42","json":42}',
    '',
    'Events:',
    '[1] input_echo: {"text":"1\\n2"}',
    '[2] value: {"type":"number","preview":"42","json":42}',
  ]);
});

it('prints an error in place of a result', () => {
  expect(executionBlock({ ...timedOut, events: [] })).toEqual([
    `Execution ID: ${executionId}`,
    'Status: timeout',
    'Error: {"message":"cpu_ms","stack":"","limit":"cpu_ms","allowed":5}',
  ]);
});

it('shows the arguments of a file', () => {
  const { input: _input, ...rest } = stubExecution;
  const lines = executionDetailLines({ ...rest, kind: 'run_file', path: 'a.js', args: [1], env: { B: 'c' } });
  expect(lines).toEqual([
    `Execution ID: ${executionId}`,
    `Session ID: ${sessionId}`,
    'Kind: run_file',
    'Started: 2026-11-20T09:30:00.000Z',
    'Ended: 2026-11-20T09:30:00.000Z',
    'Path: a.js',
    'Args: [1]',
    'Env: {"B":"c"}',
    'Status: ok',
    'Result: {"type":"number","preview":"42","json":42}',
    'Metrics: {"wall_ms":12.5,"cpu_ms":3,"events":2,"output_bytes":5,"memory_bytes":1048576}',
  ]);
});

it('shows no duration of a running execution in a list', () => {
  const metrics = { ...stubExecution.metrics, wall_ms: 0 };
  expect(executionRow({ ...stubExecution, status: 'running', metrics })).toContain('-');
  expect(executionRow({ ...stubExecution, metrics })).toContain('0');
});

it('shows the beginning of a long source in a list', () => {
  expect(executionRow({ ...stubExecution, input: '\nlet a = 1\na' }).at(-1)).toBe('let a = 1…');
  expect(executionRow({ ...stubExecution, input: 'x'.repeat(60) }).at(-1)).toBe(`${'x'.repeat(48)}…`);
});
