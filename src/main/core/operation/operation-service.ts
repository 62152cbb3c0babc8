/**
 * The registry of long work: begin, follow, cancel, prune. It knows nothing of what the work is; whoever begins it says
 * so. A record is stored when work begins and when it ends; how far it is in between is only true here and now, so it
 * stays in memory. What a host leaves running when it dies is ended by the next one.
 */
import type { EventBus } from '#core/event-bus';
import { Cancellation } from '#core/operation/cancellation';
import { moveOperation, type OperationCommand } from '#core/operation/operation-state';
import { Turns } from '#core/operation/turns';
import type { Abort, Clock, IdGenerator, Log, OperationStore } from '#core/ports';
import { VmError } from '#core/vm-error';
import type { Operation, OperationKind, OperationProgress } from '#shared/contract/operation';
import type { JsonValue } from '#shared/contract/primitive';

export interface OperationServiceParts {
  readonly store: OperationStore;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly log: Log;
}

/** What work may ask and tell while it goes on. */
interface OperationControl {
  readonly abort: Abort;
  report(progress: OperationProgress): void;
}

export interface LongWork {
  readonly kind: OperationKind;
  readonly subject: string;
  /** Resolves to the result. Rejects soon after it was aborted, and leaves nothing half done. */
  run(control: OperationControl): Promise<JsonValue>;
}

interface LiveOperation {
  operation: Operation;
  publishedMs: number;
  readonly cancellation: Cancellation;
  readonly ended: PromiseWithResolvers<Operation>;
}

/** More at once would only share one network and one disk. */
const maxAtOnce = 4;
/** Ended ones that are remembered. */
const keptCount = 500;
/** Between two messages on the progress of one operation, while its phase stays the same. */
const publishEveryMs = 250;

const notStarted: OperationProgress = { phase: 'waiting', bytes: 0, done: 0, total: 0 };

export class OperationService {
  readonly #parts: OperationServiceParts;
  readonly #live = new Map<string, LiveOperation>();
  readonly #turns = new Turns(maxAtOnce);

  constructor(parts: OperationServiceParts) {
    this.#parts = parts;
  }

  /** Stores and starts the work; resolves at once, to the running operation. */
  async begin(work: LongWork): Promise<Operation> {
    const { store, bus, clock, ids } = this.#parts;
    const { kind, subject } = work;
    const operation: Operation = {
      id: ids.next(),
      kind,
      subject,
      status: 'running',
      progress: notStarted,
      started_at: clock.now(),
    };
    const live: LiveOperation = {
      operation,
      publishedMs: clock.elapsedMs(),
      cancellation: new Cancellation(),
      ended: Promise.withResolvers(),
    };
    await store.insert(operation);
    this.#live.set(operation.id, live);
    bus.publish({ type: 'operation_changed', operation });
    void this.#carryOut(live, work);
    return operation;
  }

  /** Newest first. */
  async list(): Promise<Operation[]> {
    return (await this.#parts.store.list()).map((stored) => this.#live.get(stored.id)?.operation ?? stored);
  }

  async get(id: string): Promise<Operation> {
    return this.#live.get(id)?.operation ?? (await this.#parts.store.find(id)) ?? missing(id);
  }

  /** Stops the work and resolves to how it ended, which may be `ok` where it was quicker. An ended one stays as it is. */
  async cancel(id: string): Promise<Operation> {
    const live = this.#live.get(id);
    if (live === undefined) return this.get(id);
    live.cancellation.cancel();
    return live.ended.promise;
  }

  /** Ends what an earlier host left running; resolves to how many there were. */
  async reconcile(): Promise<number> {
    const { store, clock } = this.#parts;
    const count = await store.interruptRunning('interrupted by restart', clock.now());
    await store.prune(keptCount);
    return count;
  }

  /** Cancels all that is running and waits for its end. */
  async stop(): Promise<void> {
    await Promise.all([...this.#live.keys()].map((id) => this.cancel(id)));
  }

  async #carryOut(live: LiveOperation, work: LongWork): Promise<void> {
    const endTurn = await this.#turns.take(live.cancellation);
    const end = await this.#outcomeOf(live, work).finally(endTurn);
    live.operation = moveOperation(live.operation, end);
    if (await this.#store(live.operation)) this.#live.delete(live.operation.id);
    this.#parts.bus.publish({ type: 'operation_changed', operation: live.operation });
    live.ended.resolve(live.operation);
  }

  async #outcomeOf(live: LiveOperation, work: LongWork): Promise<OperationCommand> {
    const { clock, log } = this.#parts;
    const { cancellation: abort } = live;
    if (abort.aborted) return { kind: 'cancel', at: clock.now() };
    try {
      const result = await work.run({ abort, report: (progress) => this.#report(live, progress) });
      return { kind: 'succeed', result, at: clock.now() };
    } catch (error) {
      if (abort.aborted) return { kind: 'cancel', at: clock.now() };
      log.warn('an operation failed', { kind: work.kind, subject: work.subject, error });
      return { kind: 'fail', message: error instanceof Error ? error.message : String(error), at: clock.now() };
    }
  }

  #report(live: LiveOperation, progress: OperationProgress): void {
    const { bus, clock } = this.#parts;
    const isNewPhase = progress.phase !== live.operation.progress.phase;
    live.operation = moveOperation(live.operation, { kind: 'progress', progress });
    const nowMs = clock.elapsedMs();
    if (!isNewPhase && nowMs - live.publishedMs < publishEveryMs) return;
    live.publishedMs = nowMs;
    bus.publish({ type: 'operation_changed', operation: live.operation });
  }

  /** Work is done whatever the disk says: an end that cannot be written is remembered here for as long as the host lives. */
  async #store(operation: Operation): Promise<boolean> {
    try {
      await this.#parts.store.finish(operation);
      await this.#parts.store.prune(keptCount);
      return true;
    } catch (error) {
      this.#parts.log.error('the end of an operation could not be stored', { operationId: operation.id, error });
      return false;
    }
  }
}

function missing(id: string): never {
  throw new VmError('OPERATION_NOT_FOUND', `There is no operation ${id}. List them with: vm-system ops operations`, {
    details: { operation_id: id },
  });
}
