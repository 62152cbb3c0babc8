/** The OperationStore in memory, held to the same contract suite as the real one. It keeps copies, as a database does. */
import type { OperationStore } from '#core/ports';
import type { Operation } from '#shared/contract/operation';

export class MemoryOperationStore implements OperationStore {
  readonly #operations = new Map<string, Operation>();

  async insert(operation: Operation): Promise<void> {
    if (this.#operations.has(operation.id)) throw new Error(`Operation ${operation.id} exists already.`);
    this.#operations.set(operation.id, structuredClone(operation));
  }

  async finish({ id, status, progress, ended_at, result, error }: Operation): Promise<void> {
    const begun = this.#operations.get(id);
    if (begun === undefined) return;
    const end = {
      status,
      progress,
      ...(ended_at !== undefined && { ended_at }),
      ...(result !== undefined && { result }),
      ...(error !== undefined && { error }),
    };
    this.#operations.set(id, structuredClone({ ...begun, ...end }));
  }

  async find(id: string): Promise<Operation | undefined> {
    return structuredClone(this.#operations.get(id));
  }

  async list(): Promise<Operation[]> {
    return structuredClone([...this.#operations.values()].reverse());
  }

  async interruptRunning(message: string, ended_at: string): Promise<number> {
    const running = [...this.#operations.values()].filter(({ status }) => status === 'running');
    for (const operation of running) await this.finish({ ...operation, status: 'error', ended_at, error: { message } });
    return running.length;
  }

  async prune(keptCount: number): Promise<number> {
    const ended = (await this.list()).filter(({ status }) => status !== 'running').slice(keptCount);
    for (const { id } of ended) this.#operations.delete(id);
    return ended.length;
  }
}
