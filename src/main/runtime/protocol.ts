/**
 * What host and worker say to each other, in both directions. A worker serves one session: it boots an instance, is
 * opened with the session's options, then runs one request at a time. Messages travel as JSON text, which costs half of
 * what cloning the objects does. Hardly more than types: the worker loads no schema library.
 */
import type { MessagePort } from 'node:worker_threads';
import type { GuestName, RunEnd, RunRequest } from '#core/ports';
import type { GuestEvent } from '#shared/contract/event';
import type { JsonValue } from '#shared/contract/primitive';
import type { SessionVariable } from '#shared/contract/session-inspection';

/** Name under which the engine's binary, as the host compiles it, exports its function table. */
export const tableExport = 'table';

/** What an instance is booted with: whatever a booted one cannot be given later. */
export interface InstanceOptions {
  readonly memMb: number;
}

/** What a session puts in place for its guest when it opens an instance. */
export interface GuestSetup {
  readonly console: boolean;
  /** Whether files are ES modules where their names leave it open. */
  readonly esm: boolean;
  readonly templateName: string;
  readonly grantedModules: readonly string[];
  /** Every module that a template could grant. */
  readonly knownModules: readonly string[];
  /** Whether there is a `fetch`; where it may go is the host's to know. */
  readonly hasNetwork: boolean;
  /** Variables of the guest's `env`; null where it has no such global. */
  readonly env: readonly (readonly [name: string, value: string])[] | null;
  /** Constants by name. */
  readonly globals: readonly { readonly name: string; readonly value: JsonValue }[];
}

/** One run: what to run, whether scripts are strict, and when it began on the process's monotonic clock. */
export interface RunOrder {
  readonly request: RunRequest;
  readonly strict: boolean;
  readonly startedMs: number;
}

/** Handed to every worker when its thread starts. */
export interface WorkerSetup {
  readonly wasmModule: WebAssembly.Module;
  /** Source of the guest's prelude by file name. */
  readonly guestSources: Readonly<Record<string, string>>;
  readonly meter: SharedArrayBuffer;
  readonly journal: SharedArrayBuffer;
  /** Where calls to the host go; see call-port. */
  readonly callPort: MessagePort;
  readonly options: InstanceOptions;
}

export type HostMessage =
  | { readonly kind: 'open'; readonly id: number; readonly options: InstanceOptions; readonly guest: GuestSetup }
  | ({ readonly kind: 'run'; readonly id: number } & RunOrder)
  | { readonly kind: 'cancel' }
  /** Both are asked only while nothing runs. */
  | { readonly kind: 'variables'; readonly id: number }
  | { readonly kind: 'names'; readonly id: number; readonly chain: readonly string[] };

/** How a run ended, as the worker saw it. */
export interface WorkerOutcome {
  readonly end: RunEnd;
  readonly cpuMs: number;
  readonly outputBytes: number;
  readonly memoryBytes: number;
  readonly usable: boolean;
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** `taken` is a name among the globals that the runtime has already: then it is of no use. */
  | { readonly kind: 'opened'; readonly id: number; readonly taken?: string | undefined }
  | { readonly kind: 'events'; readonly id: number; readonly events: readonly GuestEvent[] }
  | { readonly kind: 'ended'; readonly id: number; readonly outcome: WorkerOutcome }
  | {
      readonly kind: 'variables';
      readonly id: number;
      readonly variables: readonly SessionVariable[];
      readonly truncated: boolean;
    }
  | { readonly kind: 'names'; readonly id: number; readonly names: readonly GuestName[] }
  /** The worker cannot go on; it ends by itself after this. */
  | { readonly kind: 'failed'; readonly message: string };
