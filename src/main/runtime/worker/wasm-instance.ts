/**
 * QuickJS instantiated in a given Memory, with what the library keeps to itself: the Emscripten module and the function
 * table. Allocations on the guest's heap are checked from here on, because the library writes to address 0 when one fails.
 */
import base from '@jitl/quickjs-wasmfile-release-sync';
import {
  type EmscriptenModuleLoaderOptions,
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSEmscriptenModule,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import { tableExport } from '../protocol.ts';

type QuickJSCalls = ReturnType<QuickJSWASMModule['getFFI']>;

export interface WasmInstance {
  readonly quickjs: QuickJSWASMModule;
  readonly module: QuickJSEmscriptenModule;
  /** The C functions beneath the library's objects. */
  readonly calls: QuickJSCalls;
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
}

/** The guest's heap has no room for what the host wants to put there. */
export class GuestHeapFull extends Error {
  override readonly name = 'GuestHeapFull';
}

export async function instantiateQuickJS(
  wasmModule: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<WasmInstance> {
  const instantiated = Promise.withResolvers<WebAssembly.Exports>();
  const loaded = Promise.withResolvers<QuickJSEmscriptenModule>();
  const variant = newVariant(base, {
    wasmMemory: memory,
    emscriptenModule: {
      instantiateWasm: (imports, onSuccess) => {
        const instance = new WebAssembly.Instance(wasmModule, imports);
        instantiated.resolve(instance.exports);
        onSuccess(instance);
        return instance.exports;
      },
    },
  });
  const quickjs = await newQuickJSWASMModuleFromVariant(observed(variant, loaded.resolve));
  const table = (await instantiated.promise)[tableExport];
  if (!(table instanceof WebAssembly.Table)) throw new Error('The engine was compiled without its table export');
  const module = checkAllocations(await loaded.promise);
  return { quickjs, module, calls: quickjs.getFFI(), memory, table };
}

/** The variant, whose Emscripten module is also given to `onLoaded`. */
function observed(
  variant: QuickJSSyncVariant,
  onLoaded: (module: QuickJSEmscriptenModule) => void,
): QuickJSSyncVariant {
  const importModuleLoader = async () => {
    let load = await variant.importModuleLoader();
    while (typeof load !== 'function') load = load.default;
    const loadModule = load;
    return async (options?: EmscriptenModuleLoaderOptions) => {
      const module = await loadModule(options);
      onLoaded(module);
      return module;
    };
  };
  return { ...variant, importModuleLoader };
}

function checkAllocations(module: QuickJSEmscriptenModule): QuickJSEmscriptenModule {
  const allocate = module._malloc;
  module._malloc = (bytes) => {
    const pointer = allocate(bytes);
    if (pointer === 0) throw new GuestHeapFull(`The guest's heap has no room for ${bytes} bytes`);
    return pointer;
  };
  return module;
}
