/**
 * "npm run bench": what the built product costs, as ratios to the bare parts it is made of, all in one run. A missed aim
 * is printed and fails nothing: on a busy machine a figure says little, and a ratio of one run still says something.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltHost } from './built-host.ts';
import { measureConsoleFlood } from './console-flood.ts';
import { measureEmptyCall } from './empty-call.ts';
import { measureGuestCalls } from './guest-calls.ts';
import { describeLoad, describeMachine } from './machine.ts';
import { measureHealth, measureNeighbours } from './neighbours.ts';
import { measureSessionCreate } from './session-create.ts';

const startedMs = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'vm-system-bench-'));
try {
  const host = await startBuiltHost(folder);
  try {
    console.log(`Measured on: ${describeMachine()}; load average before: ${describeLoad()}`);
    console.log('Figures are medians of the rounds with their range; the ratio is that of the medians.');
    await measureEmptyCall(host, folder);
    await measureConsoleFlood(host, folder);
    await measureSessionCreate(host);
    await measureHealth(host);
    await measureNeighbours(host);
    await measureGuestCalls(host);
  } finally {
    await host.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
console.log(`\nAll of it took ${seconds} s; load average after: ${describeLoad()}`);
