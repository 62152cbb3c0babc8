/** Executions and events as lines. Scripts parse the block of `exec repl` and `exec run-file`: its lines are fixed. */
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';

/** What happened, in one block: head, outcome, events. */
export function executionBlock(execution: Execution): string[] {
  const events = execution.events ?? [];
  const list = events.length === 0 ? [] : ['', 'Events:', ...events.map(eventLine)];
  return [`Execution ID: ${execution.id}`, ...outcomeLines(execution), ...list];
}

export function outcomeLines({ status, result, error }: Execution): string[] {
  return [
    `Status: ${status}`,
    ...(result === undefined ? [] : [`Result: ${JSON.stringify(result)}`]),
    ...(error === undefined ? [] : [`Error: ${JSON.stringify(error)}`]),
  ];
}

export function eventLine({ seq, type, payload }: ExecutionEvent): string {
  return `[${seq}] ${type}: ${JSON.stringify(payload)}`;
}

export function executionDetailLines(execution: Execution): string[] {
  const { input, path, ended_at: endedAt, args, env, metrics } = execution;
  return [
    `Execution ID: ${execution.id}`,
    `Session ID: ${execution.session_id}`,
    `Kind: ${execution.kind}`,
    `Started: ${execution.started_at}`,
    ...(endedAt === undefined ? [] : [`Ended: ${endedAt}`]),
    ...(input === undefined ? [] : [`Input: ${input}`]),
    ...(path === undefined ? [] : [`Path: ${path}`]),
    ...(execution.kind === 'run_file' ? [`Args: ${JSON.stringify(args)}`, `Env: ${JSON.stringify(env)}`] : []),
    ...outcomeLines(execution),
    `Metrics: ${JSON.stringify(metrics)}`,
  ];
}

export const executionTableHeader = ['EXECUTION ID', 'KIND', 'STATUS', 'STARTED', 'WALL MS', 'SOURCE'];

export function executionRow(execution: Execution): string[] {
  const { id, kind, status, started_at: startedAt, metrics, path, input } = execution;
  // Metrics are written when an execution ends: until then its zero is no duration.
  const wallMs = status === 'running' ? '-' : String(Math.round(metrics.wall_ms));
  return [id, kind, status, startedAt, wallMs, path ?? firstLine(input ?? '')];
}

const widestSource = 48;

function firstLine(source: string): string {
  const [line = '', ...more] = source.trim().split('\n');
  const isCut = more.length > 0 || line.length > widestSource;
  return isCut ? `${line.slice(0, widestSource)}…` : line;
}
