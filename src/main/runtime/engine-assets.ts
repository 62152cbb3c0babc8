/** What every worker needs and the host makes once: the compiled engine and the sources of the guest's prelude. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { withTableExport } from './engine-binary.ts';
import budget from './guest/budget.js?raw';
import consoleSource from './guest/console.js?raw';
import errorText from './guest/error-text.js?raw';
import format from './guest/format.js?raw';
import host from './guest/host.js?raw';
import inspect from './guest/inspect.js?raw';
import inspectEntries from './guest/inspect-entries.js?raw';
import inspectHead from './guest/inspect-head.js?raw';
import jsonText from './guest/json-text.js?raw';
import kind from './guest/kind.js?raw';
import layout from './guest/layout.js?raw';
import prelude from './guest/prelude.js?raw';
import primordials from './guest/primordials.js?raw';
import proxies from './guest/proxies.js?raw';
import quote from './guest/quote.js?raw';
import random from './guest/random.js?raw';
import requireSource from './guest/require.js?raw';
import table from './guest/table.js?raw';
import timers from './guest/timers.js?raw';
import type { WorkerSetup } from './protocol.ts';

export type EngineAssets = Pick<WorkerSetup, 'wasmModule' | 'guestSources'>;

const guestSources: EngineAssets['guestSources'] = {
  'budget.js': budget,
  'console.js': consoleSource,
  'error-text.js': errorText,
  'format.js': format,
  'host.js': host,
  'inspect.js': inspect,
  'inspect-entries.js': inspectEntries,
  'inspect-head.js': inspectHead,
  'json-text.js': jsonText,
  'kind.js': kind,
  'layout.js': layout,
  'prelude.js': prelude,
  'primordials.js': primordials,
  'proxies.js': proxies,
  'quote.js': quote,
  'random.js': random,
  'require.js': requireSource,
  'table.js': table,
  'timers.js': timers,
};

export async function loadEngineAssets(): Promise<EngineAssets> {
  const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  return { wasmModule: await WebAssembly.compile(withTableExport(await readFile(path))), guestSources };
}
