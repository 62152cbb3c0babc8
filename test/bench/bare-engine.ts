/** The engine without the product: the same WebAssembly, as its library alone brings it up. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import base from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSContext } from 'quickjs-emscripten-core';

export async function compileEngine(): Promise<WebAssembly.Module> {
  const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  return WebAssembly.compile(await readFile(path));
}

/** A context in an instance of its own. */
export async function newBareContext(wasmModule: WebAssembly.Module): Promise<QuickJSContext> {
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(base, { wasmModule }));
  return quickjs.newContext();
}
