/**
 * The core's RuntimeHost on QuickJS in worker threads. It owns how many runtimes may live and closes what is left of
 * them; what a run means is the worker's, when it must end is the watchdog's.
 */
import type { GuestServicesFactory, Log, Runtime, RuntimeHost, RuntimeSpec } from '#core/ports';
import { VmError } from '#core/vm-error';
import { defaultSettings } from '#shared/contract/template';
import { loadEngineAssets } from './engine-assets.ts';
import { GuestCalls } from './guest-calls.ts';
import { guestSetupOf, unusableGlobal } from './guest-setup.ts';
import type { InstanceOptions } from './protocol.ts';
import { WorkerPool } from './worker-pool.ts';
import { WorkerRuntime } from './worker-runtime.ts';

export interface RuntimeHostOptions {
  /** Entry of the worker threads; the process's entry knows where the build put it. */
  readonly workerUrl: URL;
  /** What guests can ask of the machine, by what their policies grant. */
  readonly services: GuestServicesFactory;
  readonly log: Log;
  readonly spareWorkers?: number;
  readonly maxLive?: number;
}

/** Sessions of a new template find a worker that is booted just as they want it. */
const defaultOptions: InstanceOptions = { memMb: defaultSettings.limits.mem_mb };

export function createRuntimeHost(options: RuntimeHostOptions): RuntimeHost {
  return new WorkerRuntimeHost(options);
}

class WorkerRuntimeHost implements RuntimeHost {
  readonly #maxLive: number;
  readonly #services: GuestServicesFactory;
  readonly #log: Log;
  readonly #pool: Promise<WorkerPool>;
  readonly #live = new Set<Runtime>();
  #opening = 0;

  constructor({ workerUrl, services, log, spareWorkers = 2, maxLive = 64 }: RuntimeHostOptions) {
    this.#maxLive = maxLive;
    this.#services = services;
    this.#log = log;
    this.#pool = loadEngineAssets().then(
      (assets) => new WorkerPool({ start: { url: workerUrl, assets, options: defaultOptions }, spareWorkers, log }),
    );
    this.#pool.catch((error) => log.error('The engine could not be loaded', { error }));
  }

  get liveCount(): number {
    return this.#live.size;
  }

  async open(spec: RuntimeSpec): Promise<Runtime> {
    this.#reserve();
    try {
      return await this.#openReserved(spec);
    } finally {
      this.#opening -= 1;
    }
  }

  async close(): Promise<void> {
    const pool = await this.#pool.catch(() => undefined);
    await Promise.all([pool?.close(), ...[...this.#live].map((runtime) => runtime.close())]);
  }

  #reserve(): void {
    if (this.#live.size + this.#opening >= this.#maxLive) {
      throw new VmError(
        'SESSION_LIMIT_REACHED',
        `${this.#maxLive} runtimes are live, and no more may be at once; close a session first`,
        { details: { allowed: this.#maxLive } },
      );
    }
    this.#opening += 1;
  }

  async #openReserved(spec: RuntimeSpec): Promise<Runtime> {
    const { policy } = spec;
    const options: InstanceOptions = { memMb: policy.settings.limits.mem_mb };
    const guest = guestSetupOf(policy, process.env);
    const worker = await (await this.#pool).take(options);
    const taken = await worker.open(options, guest).catch(async (cause) => {
      await worker.terminate();
      throw new VmError('INTERNAL', 'The runtime could not be booted with the limits of its template', { cause });
    });
    if (taken !== undefined) {
      await worker.terminate();
      throw unusableGlobal(policy, taken, 'the runtime has something of that name');
    }
    const { callPort: port, meter } = worker;
    const calls = new GuestCalls({ port, meter, services: this.#services.open(spec), log: this.#log });
    const runtime = new WorkerRuntime({
      worker,
      calls,
      strict: policy.settings.runtime.strict,
      onGone: () => this.#live.delete(runtime),
    });
    this.#live.add(runtime);
    return runtime;
  }
}
