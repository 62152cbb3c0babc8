/** What every worker needs and the host makes once: the compiled engine and the sources of the guest's prelude. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { withTableExport } from './engine-binary.ts';
import type { WorkerSetup } from './protocol.ts';

export type EngineAssets = Pick<WorkerSetup, 'wasmModule' | 'guestSources'>;

/** Every file of the prelude, as text, by its name. */
const guestFiles = import.meta.glob<string>('./guest/*.js', { query: '?raw', import: 'default', eager: true });
const guestSources = Object.fromEntries(Object.entries(guestFiles).map(([path, text]) => [basename(path), text]));

export async function loadEngineAssets(): Promise<EngineAssets> {
  const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  return { wasmModule: await WebAssembly.compile(withTableExport(await readFile(path))), guestSources };
}
