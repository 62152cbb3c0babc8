/**
 * A RuntimeHost that runs a toy language, for tests of the core: one statement per line.
 *   log TEXT          prints a line            value JSON     ends with this value
 *   set NAME JSON     keeps a value            get NAME       ends with what was kept, or throws ReferenceError
 *   throw TEXT        ends with an exception   limit NAME     ends at this limit, the state kept
 *   kill NAME         ends at this limit, the runtime lost    fault TEXT     ends as a fault, the runtime lost
 *   wait              waits until cancelled or closed
 */
import type {
  GuestName,
  RunEnd,
  RunOutcome,
  RunRequest,
  Runtime,
  RuntimeHost,
  RuntimeSpec,
  RuntimeVariables,
} from '#core/ports';
import { VmError } from '#core/vm-error';
import type { GuestEvent } from '#shared/contract/event';
import { limitNameSchema } from '#shared/contract/execution';
import type { JsonValue } from '#shared/contract/primitive';

type OnEvents = (events: readonly GuestEvent[]) => void;
type Finish = Pick<RunOutcome, 'end' | 'usable'>;

const timestamp = '2026-11-20T09:30:00.000Z';

export interface FakeRuntimeHostOptions {
  readonly maxLive?: number;
}

export class FakeRuntimeHost implements RuntimeHost {
  /** What was asked for, oldest first. */
  readonly opened: RuntimeSpec[] = [];
  readonly #live = new Set<FakeRuntime>();
  readonly #maxLive: number;

  constructor({ maxLive = 64 }: FakeRuntimeHostOptions = {}) {
    this.#maxLive = maxLive;
  }

  get liveCount(): number {
    return this.#live.size;
  }

  async open(spec: RuntimeSpec): Promise<Runtime> {
    if (this.#live.size >= this.#maxLive) {
      throw new VmError('SESSION_LIMIT_REACHED', `${this.#maxLive} runtimes are live; close a session first`);
    }
    this.opened.push(spec);
    const runtime: FakeRuntime = new FakeRuntime(() => this.#live.delete(runtime));
    this.#live.add(runtime);
    return runtime;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#live].map((runtime) => runtime.close()));
  }
}

class FakeRuntime implements Runtime {
  readonly #onClosed: () => void;
  readonly #variables = new Map<string, JsonValue>();
  /** Names that the last run has set. */
  readonly #changed = new Set<string>();
  #isRunning = false;
  #isClosed = false;
  #isCancelled = false;
  #wake: () => void = () => undefined;

  constructor(onClosed: () => void) {
    this.#onClosed = onClosed;
  }

  get isAlive(): boolean {
    return !this.#isClosed;
  }

  async run(request: RunRequest, onEvents: OnEvents): Promise<RunOutcome> {
    this.#refuseWhileRunning();
    this.#isRunning = true;
    this.#isCancelled = false;
    this.#changed.clear();
    let outputBytes = 0;
    const counted: OnEvents = (events) => {
      outputBytes += bytesOf(events);
      onEvents(events);
    };
    const { end, usable } = this.#isClosed ? gone : await this.#runLines(request, counted);
    this.#isRunning = false;
    if (!usable) await this.close();
    return { end, usable, cpuMs: 1, wallMs: 2, outputBytes, memoryBytes: 65_536 };
  }

  async inspectGlobals(): Promise<RuntimeVariables> {
    this.#refuseWhileRunning();
    const variables = [...this.#variables].map(([name, value]) => ({
      name,
      kind: 'global' as const,
      type: value === null ? 'null' : typeof value,
      preview: JSON.stringify(value),
      size_bytes: JSON.stringify(value).length,
      changed: this.#changed.has(name),
    }));
    return { variables, truncated: false };
  }

  async listNames(chain: readonly string[]): Promise<readonly GuestName[]> {
    this.#refuseWhileRunning();
    const [root, ...members] = chain;
    if (root === undefined) return [...this.#variables.keys()].map((name) => ({ name, kind: 'variable', rank: 0 }));
    let value = this.#variables.get(root);
    for (const member of members) value = memberOf(value, member);
    const isObject = typeof value === 'object' && value !== null;
    return isObject ? Object.keys(value as object).map((name) => ({ name, kind: 'property', rank: 0 })) : [];
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#wake();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClosed();
    this.#wake();
  }

  #refuseWhileRunning(): void {
    if (this.#isRunning) throw new VmError('SESSION_BUSY', 'This runtime is running something else');
  }

  async #runLines(request: RunRequest, onEvents: OnEvents): Promise<Finish> {
    for (const line of request.source.split('\n')) {
      if (this.#isClosed) return { end: { kind: 'cancelled' }, usable: false };
      const [word = '', ...rest] = line.trim().split(' ');
      const finish = await this.#runLine(word, rest.join(' '), request, onEvents);
      if (finish !== undefined) return finish;
    }
    return keep({ kind: 'value', value: { type: 'undefined', preview: 'undefined', json: null } });
  }

  async #runLine(word: string, text: string, { limits }: RunRequest, onEvents: OnEvents): Promise<Finish | undefined> {
    switch (word) {
      case 'log':
        onEvents([{ type: 'console', ts: timestamp, payload: { level: 'log', text } }]);
        return undefined;
      case 'set':
        this.#set(text);
        return undefined;
      case 'get':
        return keep(this.#get(text));
      case 'value':
        return keep(jsonValue(JSON.parse(text)));
      case 'throw':
        return keep(exceptionOf(`Error: ${text}`));
      case 'limit':
      case 'kill': {
        const limit = limitNameSchema.parse(text);
        return { end: { kind: 'limit', limit, allowed: limits[limit] }, usable: word === 'limit' };
      }
      case 'fault':
        return { end: { kind: 'fault', message: text }, usable: false };
      case 'wait':
        return this.#wait();
      default:
        return keep(exceptionOf(`SyntaxError: the toy language has no "${word}"`));
    }
  }

  #set(text: string): void {
    const [name = '', ...json] = text.split(' ');
    this.#changed.add(name);
    this.#variables.set(name, JSON.parse(json.join(' ')));
  }

  #get(name: string): RunEnd {
    const value = this.#variables.get(name);
    return value === undefined ? exceptionOf(`ReferenceError: '${name}' is not defined`) : jsonValue(value);
  }

  async #wait(): Promise<Finish> {
    if (!this.#isCancelled && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#isClosed ? { end: { kind: 'cancelled' }, usable: false } : keep({ kind: 'cancelled' });
  }
}

const gone: Finish = { end: { kind: 'fault', message: 'The runtime is gone' }, usable: false };

const keep = (end: RunEnd): Finish => ({ end, usable: true });

const exceptionOf = (message: string): RunEnd => ({ kind: 'exception', exception: { message, stack: message } });

function jsonValue(json: JsonValue): RunEnd {
  const preview = typeof json === 'string' ? json : JSON.stringify(json);
  return { kind: 'value', value: { type: json === null ? 'null' : typeof json, preview, json } };
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

function bytesOf(events: readonly GuestEvent[]): number {
  return events.reduce((sum, { payload }) => sum + ('text' in payload ? Buffer.byteLength(payload.text) : 0), 0);
}
