/** One booted guest: engine, memory and prelude, ready to run code. Whatever the guest asks for goes to its listener. */
import type { ConsoleLevel, ConsoleTable, DisplayPayload, ExceptionPayload } from '#shared/contract/event';
import type { InstanceOptions } from '../protocol.ts';
import { CellDeclarations } from './cell-declarations.ts';
import { Engine } from './engine.ts';
import { Guest } from './guest.ts';
import { type CallListener, provideHostCalls } from './guest-call-operations.ts';
import { GuestMemory, newGuestMemory } from './guest-memory.ts';
import { ModuleLoader } from './module-loader.ts';
import { provideModuleOperations } from './module-operations.ts';
import { providePreludeModules } from './prelude-modules.ts';
import { provideWebOperations } from './web-operations.ts';

/** What a guest can cause while its code runs. None of it may throw but `armTimer` and `startHostCall`. */
export interface GuestListener extends CallListener {
  shouldInterrupt(): boolean;
  onConsole(level: ConsoleLevel, text: string, table?: ConsoleTable): void;
  onDisplay(payload: DisplayPayload): void;
  onUncaught(exception: ExceptionPayload): void;
  armTimer(id: number, delayMs: number, repeats: boolean): void;
  disarmTimer(id: number): void;
}

const consoleLevels: readonly ConsoleLevel[] = ['log', 'warn', 'error', 'info', 'debug'];

export interface Instance {
  readonly engine: Engine;
  readonly memory: GuestMemory;
  readonly guest: Guest;
  readonly declarations: CellDeclarations;
  readonly modules: ModuleLoader;
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
  providePreludeModules(engine, guestSources);
  provideWebOperations(engine);
  const guest = Guest.load(engine.context, guestSources);
  const modules = new ModuleLoader({ context: engine.context, guest, askHost: (request) => listener.askHost(request) });
  provideModuleOperations(engine, modules);
  const seed = Array.from(crypto.getRandomValues(new Int32Array(3)));
  const adopted = guest.call('adoptLexicalScope', engine.lexicals.handle);
  const installed = guest.call('install', JSON.stringify({ seed }));
  if (adopted.kind === 'threw' || installed.kind === 'threw') throw new Error('The prelude could not be installed');
  const memory = new GuestMemory(engine, options.memMb);
  return { engine, guest, memory, declarations: new CellDeclarations(engine, guest), modules };
}

function provideOperations(engine: Engine, listener: GuestListener): void {
  for (const level of consoleLevels) {
    engine.provide(`console.${level}`, (json) => {
      listener.onConsole(level, JSON.parse(json));
      return undefined;
    });
  }
  engine.provide('console.table', (json) => {
    const { text, table } = JSON.parse(json);
    listener.onConsole('log', text, table);
    return undefined;
  });
  engine.provide('display', (json) => {
    listener.onDisplay(JSON.parse(JSON.parse(json))); // the prelude's own text, told as one
    return undefined;
  });
  engine.provide('bytes.base64', (_json, value, context) =>
    engine.newText(context, Buffer.from(engine.copyBytes(context, value)).toString('base64')),
  );
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
