/**
 * "npm run conformance -- FOLDER [EVERY_NTH]": runs a checkout of test262 through sessions of the built product and
 * through the bare engine, and prints every case that ends differently. Ends with 1 where there is one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltHost } from '../bench/built-host.ts';
import { RestClient } from '../bench/rest-client.ts';
import { BareEngine } from './bare-engine.ts';
import { compare } from './compare.ts';
import { type Call, SessionEngine } from './session-engine.ts';
import { readTest262 } from './test262.ts';

const lanes = 3;
const limitMs = 20_000;
const [suite, everyNth = '1'] = process.argv.slice(2);
if (suite === undefined) throw new Error('Name the folder of a test262 checkout: npm run conformance -- FOLDER');

const { cases, leftOut } = await readTest262(suite, Number(everyNth));
const folder = mkdtempSync(join(tmpdir(), 'vm-system-conformance-'));
const host = await startBuiltHost(folder);
const clients = Array.from({ length: lanes }, () => new RestClient(host.address));
const bare = new BareEngine(limitMs);
try {
  let turn = 0;
  const call: Call = (method, path, body) => {
    turn += 1;
    const client = clients[turn % lanes] ?? host.client;
    return client.call({ method, path, ...(body === undefined ? {} : { body }) });
  };
  const engines = [bare, new SessionEngine({ call, worktree: join(folder, 'worktree'), limitMs })] as const;
  const startedMs = performance.now();
  const onProgress = (done: number): void => {
    if (done % 1000 === 0) console.log(`${done} of ${cases.length}`);
  };
  const { ends, differences } = await compare(cases, { engines, casesPerRealm: 1, lanes, onProgress });
  for (const { name, outcomes } of differences) console.log(`DIFFERS ${name}: ${JSON.stringify(outcomes)}`);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(`Left out: ${JSON.stringify(leftOut)}`);
  console.log(`How the bare engine ended: ${JSON.stringify(ends)}`);
  console.log(`${cases.length} cases in ${seconds} s: ${differences.length} end differently in a session`);
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  for (const client of clients) client.close();
  await bare.close();
  await host.close();
  rmSync(folder, { recursive: true, force: true });
}
