/** Runs code in a runtime and keeps what came of it. */
import type { RunOutcome, RunRequest, Runtime } from '#core/ports';
import type { GuestEvent } from '#shared/contract/event';
import { defaultSettings, type Limits } from '#shared/contract/template';

export interface RunChanges extends Partial<Omit<RunRequest, 'limits' | 'source'>> {
  readonly limits?: Partial<Limits>;
}

export interface FinishedRun extends RunOutcome {
  readonly events: readonly GuestEvent[];
}

export function runRequest(source: string, { limits, ...changes }: RunChanges = {}): RunRequest {
  return {
    kind: 'repl',
    source,
    fileName: 'cell 1',
    mode: 'script',
    args: {},
    env: {},
    limits: { ...defaultSettings.limits, ...limits },
    ...changes,
  };
}

export async function runCode(runtime: Runtime, source: string, changes: RunChanges = {}): Promise<FinishedRun> {
  const events: GuestEvent[] = [];
  const outcome = await runtime.run(runRequest(source, changes), (batch) => events.push(...batch));
  return { ...outcome, events };
}

/** What a run printed, one text per event. */
export function printed({ events }: FinishedRun): string[] {
  return events.flatMap((event) => (event.type === 'console' ? event.payload.text : []));
}
