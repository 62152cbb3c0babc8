/** One booted guest: engine, memory and prelude, ready to run code. Whatever the guest asks for goes to its listener. */
import type { ConsoleLevel, ExceptionPayload } from '#shared/contract/event';
import type { InstanceOptions } from '../protocol.ts';
import { Engine } from './engine.ts';
import { Guest } from './guest.ts';
import { type CallListener, provideHostCalls } from './guest-call-operations.ts';
import { GuestMemory, newGuestMemory } from './guest-memory.ts';

/** What a guest can cause while its code runs. None of it may throw but `armTimer` and `startHostCall`. */
export interface GuestListener extends CallListener {
  shouldInterrupt(): boolean;
  onConsole(level: ConsoleLevel, text: string): void;
  onUncaught(exception: ExceptionPayload): void;
  armTimer(id: number, delayMs: number, repeats: boolean): void;
  disarmTimer(id: number): void;
}

const consoleLevels: readonly ConsoleLevel[] = ['log', 'warn', 'error', 'info', 'debug'];

export interface Instance {
  readonly engine: Engine;
  readonly memory: GuestMemory;
  readonly guest: Guest;
}

export interface BootSetup {
  readonly wasmModule: WebAssembly.Module;
  readonly guestSources: Readonly<Record<string, string>>;
  readonly options: InstanceOptions;
}

export async function bootInstance(setup: BootSetup, listener: GuestListener): Promise<Instance> {
  const { wasmModule, guestSources, options } = setup;
  const engine = await Engine.boot({
    wasmModule,
    memory: newGuestMemory(options.memMb),
    shouldInterrupt: () => listener.shouldInterrupt(),
  });
  provideOperations(engine, listener);
  const guest = Guest.load(engine.context, guestSources);
  refuseImports(engine);
  const seed = Array.from(crypto.getRandomValues(new Int32Array(3)));
  const adopted = guest.call('adoptLexicalScope', engine.lexicals.handle);
  const installed = guest.call('install', JSON.stringify({ seed }));
  if (adopted.kind === 'threw' || installed.kind === 'threw') throw new Error('The prelude could not be installed');
  return { engine, guest, memory: new GuestMemory(engine, options.memMb) };
}

function provideOperations(engine: Engine, listener: GuestListener): void {
  for (const level of consoleLevels) {
    engine.provide(`console.${level}`, (json) => {
      listener.onConsole(level, JSON.parse(json));
      return undefined;
    });
  }
  engine.provide('uncaught', (json) => {
    listener.onUncaught(JSON.parse(JSON.parse(json))); // the prelude's own text, told as one
    return undefined;
  });
  engine.provide('timer.arm', (json) => {
    const [id, delayMs, repeats] = JSON.parse(json);
    listener.armTimer(id, delayMs, repeats);
    return undefined;
  });
  engine.provide('timer.disarm', (json) => {
    listener.disarmTimer(JSON.parse(json));
    return undefined;
  });
  provideHostCalls(engine, listener);
}

/**
 * The resolver of a template comes later; until then an import is refused by name. Refused by the loader, under a name
 * that holds the importer too: what a normalizer throws is lost in the library. No guest name is a prelude file's.
 */
function refuseImports(engine: Engine): void {
  engine.context.runtime.setModuleLoader(
    (file) => ({ error: new Error(`Cannot import ${file}: this runtime resolves no imports`) }),
    (importer, specifier) => `"${specifier}" from "${importer}"`,
  );
}
