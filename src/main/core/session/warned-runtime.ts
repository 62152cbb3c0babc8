/**
 * A runtime whose next run begins with warnings, which its session has no other place for: they belong to what a person
 * sees first of it, be that a startup file or a snippet. Otherwise it is the runtime that it was made of.
 */
import type { Clock, RunOutcome, RunRequest, Runtime } from '#core/ports';
import type { GuestEvent } from '#shared/contract/event';

export class WarnedRuntime implements Runtime {
  readonly #runtime: Runtime;
  readonly #clock: Clock;
  #warnings: readonly string[];

  constructor(runtime: Runtime, warnings: readonly string[], clock: Clock) {
    this.#runtime = runtime;
    this.#warnings = warnings;
    this.#clock = clock;
  }

  get isAlive(): boolean {
    return this.#runtime.isAlive;
  }

  run(request: RunRequest, onEvents: (events: readonly GuestEvent[]) => void): Promise<RunOutcome> {
    const warnings = this.#warnings;
    this.#warnings = [];
    const ts = this.#clock.now();
    if (warnings.length > 0) {
      onEvents(warnings.map((message) => ({ type: 'system', ts, payload: { message, level: 'warn' } })));
    }
    return this.#runtime.run(request, onEvents);
  }

  inspectGlobals(): ReturnType<Runtime['inspectGlobals']> {
    return this.#runtime.inspectGlobals();
  }

  listNames(chain: readonly string[]): ReturnType<Runtime['listNames']> {
    return this.#runtime.listNames(chain);
  }

  cancel(): void {
    this.#runtime.cancel();
  }

  close(): Promise<void> {
    return this.#runtime.close();
  }
}
