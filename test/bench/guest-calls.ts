/** What a guest's call to the host costs, seen from the guest: each round is one cell that repeats the call. */
import type { Execution } from '#shared/contract/execution';
import type { BuiltHost } from './built-host.ts';
import { printResult, printTitle } from './report.ts';
import type { Result } from './rounds.ts';

const rounds = 9;

interface Call {
  readonly name: string;
  readonly code: string;
  readonly callsPerRound: number;
}

const calls: readonly Call[] = [
  { name: 'fs.existsSync', code: 'fs.existsSync("small.txt")', callsPerRound: 200 },
  { name: 'fs.readFileSync, 12 bytes', code: 'fs.readFileSync("small.txt")', callsPerRound: 200 },
  { name: 'fs.writeFileSync, 12 bytes', code: 'fs.writeFileSync("small.txt", "hello, world")', callsPerRound: 100 },
  { name: 'fs.readFileSync, 4 MB', code: 'fs.readFileSync("large.txt").length', callsPerRound: 5 },
  { name: 'database.query, one row', code: 'database.query("SELECT 1 AS one")', callsPerRound: 200 },
  { name: 'exec.run("true")', code: 'exec.run("true", [])', callsPerRound: 10 },
];

const prepare = `
  const fs = require('fs'), database = require('database'), exec = require('exec');
  fs.writeFileSync('small.txt', 'hello, world');
  fs.writeFileSync('large.txt', 'x'.repeat(4_000_000));
  database.configure('sqlite3', ':memory:');`;

export async function measureGuestCalls(host: BuiltHost): Promise<void> {
  const template = await host.template('guest calls', { cpu_ms: 60_000, wall_ms: 120_000 });
  for (const name of ['fs', 'database', 'exec']) {
    await host.client.send({ method: 'POST', path: `/templates/${template.id}/modules`, body: { name } });
  }
  const capability = { kind: 'module', name: 'exec', config: { commands: ['true'] } };
  await host.client.send({ method: 'POST', path: `/templates/${template.id}/capabilities`, body: capability });
  const session = await host.session(template);
  await host.repl(session, prepare);
  printTitle('6. Calls of a guest to the host, as the guest waits for them');
  for (const call of calls) printResult(await measure(call, (input) => run(host, session.id, input)));
  await host.closeSession(session);
}

async function measure(
  { name, code, callsPerRound }: Call,
  runCell: (input: string) => Promise<unknown>,
): Promise<Result> {
  const cell = `{ const startedMs = performance.now();
    for (let call = 0; call < ${callsPerRound}; call += 1) ${code};
    (performance.now() - startedMs) / ${callsPerRound} }`;
  await runCell(cell);
  const samplesMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) samplesMs.push(Number(await runCell(cell)));
  return { name, samplesMs };
}

async function run(host: BuiltHost, sessionId: string, input: string): Promise<unknown> {
  const body = { session_id: sessionId, input };
  const execution = await host.client.call<Execution>({ method: 'POST', path: '/executions/repl', body });
  if (execution.status !== 'ok') throw new Error(`The cell failed: ${execution.error?.message}`);
  return execution.result?.json;
}
