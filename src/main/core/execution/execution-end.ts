/** How an execution ends, as a pure function: what the runtime reported becomes status, result, error and last events. */
import type { RunOutcome } from '#core/ports';
import { assertNever, VmError } from '#core/vm-error';
import type { EventDraft, ExceptionPayload } from '#shared/contract/event';
import type { Execution, ExecutionError, ExecutionStatus, LimitName } from '#shared/contract/execution';

export interface ExecutionEnd {
  readonly status: Exclude<ExecutionStatus, 'running'>;
  readonly result?: Execution['result'];
  readonly error?: ExecutionError;
  readonly events: readonly EventDraft[];
}

const units: Record<LimitName, string> = {
  cpu_ms: 'ms of CPU time',
  wall_ms: 'ms of wall time',
  mem_mb: 'MB of memory',
  max_events: 'events',
  max_output_kb: 'KB of output',
};

/** Says what stopped a run that met a limit, in words that name the setting, and what raises it. */
function limitMessage(limit: LimitName, allowed: number, templateId: string): string {
  const what = `limit ${limit} exceeded: ${allowed} ${units[limit]} allowed`;
  const how = `vm-system template set-limits ${templateId} --${limit.replaceAll('_', '-')} N`;
  return `${limit === 'mem_mb' ? 'out of memory: ' : ''}${what}. To allow more in new sessions: ${how}`;
}

/** What an execution is told that somebody cancelled. */
export type CancelReason = 'on request' | 'because its session was closed' | 'because the host was stopped';

export interface EndedRun extends Pick<RunOutcome, 'end' | 'usable'> {
  readonly ts: string;
  /** The template of the session, for advice. */
  readonly templateId: string;
  /** What the user is told beside an exception. */
  readonly hint?: string | undefined;
  readonly cancelReason?: CancelReason | undefined;
}

/** Describes the end of a run. */
export function endOfRun(run: EndedRun): ExecutionEnd {
  const { usable, ts } = run;
  const described = describe(run);
  return usable ? described : { ...described, events: [...described.events, stateLost(ts)] };
}

/** The refusal that a caller gets whose execution met an output limit; the execution itself is stored. */
export function outputLimitExceeded(execution: Execution): VmError | undefined {
  const { limit, allowed } = execution.error ?? {};
  if (limit !== 'max_events' && limit !== 'max_output_kb') return undefined;
  return new VmError(
    'OUTPUT_LIMIT_EXCEEDED',
    `Execution ${execution.id} was stopped: ${execution.error?.message}. What fitted is kept: vm-system exec events ${execution.id}`,
    { details: { execution_id: execution.id, session_id: execution.session_id, limit, allowed } },
  );
}

function describe({ end, ts, templateId, hint, cancelReason = 'on request' }: EndedRun): ExecutionEnd {
  switch (end.kind) {
    case 'value':
      return { status: 'ok', result: end.value, events: [{ type: 'value', ts, payload: end.value }] };
    case 'exception':
      return { status: 'error', error: end.exception, events: exceptionEvents(end.exception, ts, hint) };
    case 'limit': {
      const message = limitMessage(end.limit, end.allowed, templateId);
      const isTime = end.limit === 'cpu_ms' || end.limit === 'wall_ms';
      return stopped(isTime ? 'timeout' : 'error', { message, stack: '', limit: end.limit, allowed: end.allowed }, ts);
    }
    case 'cancelled':
      return stopped('cancelled', { message: `cancelled ${cancelReason}`, stack: '' }, ts);
    case 'fault':
      return stopped('error', { message: `the runtime failed: ${end.message}`, stack: '' }, ts);
    default:
      return assertNever(end);
  }
}

/** The exception stays the last event, as clients know it. */
function exceptionEvents(exception: ExceptionPayload, ts: string, hint: string | undefined): EventDraft[] {
  const event: EventDraft = { type: 'exception', ts, payload: exception };
  return hint === undefined ? [event] : [{ type: 'system', ts, payload: { message: hint, level: 'info' } }, event];
}

function stopped(status: ExecutionEnd['status'], error: ExecutionError, ts: string): ExecutionEnd {
  const level = status === 'cancelled' ? 'info' : 'error';
  return { status, error, events: [{ type: 'system', ts, payload: { message: error.message, level } }] };
}

function stateLost(ts: string): EventDraft {
  const message =
    'the runtime had to be stopped by force, so the state of the session is lost; the next execution starts it again from its template';
  return { type: 'system', ts, payload: { message, level: 'warn' } };
}
