/**
 * Looks into an instance between two runs: its variables, and names for completion. The prelude does the looking and runs
 * no guest code; here is how long it may take. One variable that takes too long loses its preview, not the others theirs.
 */
import type { GuestName } from '#core/ports';
import type { SessionGlobals, SessionVariable } from '#shared/contract/session-inspection';
import { monotonicMs } from '../monotonic-clock.ts';
import type { Instance } from './instance.ts';

const listingMs = 250;
const variableMs = 50;
const namesMs = 100;
const notingMs = 25;

export class Inspector {
  readonly #instance: Instance;
  #untilMs = Number.POSITIVE_INFINITY;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  /** Asked by the engine in the middle of the prelude. */
  get isOverdue(): boolean {
    return monotonicMs() > this.#untilMs;
  }

  variables(): Omit<SessionGlobals, 'awake'> {
    const untilMs = monotonicMs() + listingMs;
    const listed = this.#within(namesMs, (guest) => guest.ask('variableNames'));
    if (listed === undefined) return { variables: [], truncated: true };
    const { names, isCut } = parseOwn<{ names: string[]; isCut: boolean }>(listed);
    const variables: SessionVariable[] = [];
    for (const name of names) {
      const leftMs = Math.min(variableMs, untilMs - monotonicMs());
      if (leftMs <= 0) return { variables, truncated: true };
      variables.push(this.#variable(name, leftMs));
    }
    return { variables, truncated: isCut };
  }

  /** The members of what a chain of names leads to, or the names in scope after an empty one. */
  names(chain: readonly string[]): GuestName[] {
    const listed = this.#within(namesMs, (guest) => guest.ask('listNames', JSON.stringify(chain)));
    return listed === undefined ? [] : parseOwn<GuestName[]>(listed);
  }

  /** Remembers how the variables are, so that the next run's changes can be told. */
  note(): void {
    this.#within(notingMs, (guest) => guest.ask('noteVariables'));
  }

  #variable(name: string, leftMs: number): SessionVariable {
    const described = this.#within(leftMs, (guest) => guest.ask('describeVariable', name));
    if (described !== undefined) return parseOwn<SessionVariable>(described);
    const preview = '[no preview: showing this value took too long]';
    return { name, kind: 'global', type: 'unknown', preview, size_bytes: 0, changed: false };
  }

  #within<Result>(ms: number, look: (guest: Instance['guest']) => Result): Result {
    this.#untilMs = monotonicMs() + ms;
    try {
      return look(this.#instance.guest);
    } finally {
      this.#untilMs = Number.POSITIVE_INFINITY;
    }
  }
}

/** JSON that the prelude wrote; the host checks its shape again on arrival. */
function parseOwn<Shape>(json: string): Shape {
  return JSON.parse(json) as Shape;
}
