/**
 * An empty REPL call through REST, against the round trip to a bare worker that evaluates the same code. Between the two
 * stand HTTP and the disk, so both are measured too: an echo, and the least service that evaluates, stores and answers.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { compileEngine } from './bare-engine.ts';
import type { BuiltHost } from './built-host.ts';
import { printRatio, printResult, printTitle } from './report.ts';
import { RestClient } from './rest-client.ts';
import { type Contestant, type Result, takeTurns, timedEach } from './rounds.ts';
import { median } from './statistics.ts';

const rounds = 15;
const callsPerRound = 200;
const source = '1';

export async function measureEmptyCall(host: BuiltHost, folder: string): Promise<void> {
  const session = await host.session(await host.template('empty call'));
  const worker = new Worker(new URL('./bare-worker.ts', import.meta.url), { workerData: await compileEngine() });
  const service = fork(new URL('./bare-service.ts', import.meta.url), [join(folder, 'bare-service.db')]);
  const client = new RestClient(await addressOf(service));
  const body = { session_id: session.id, input: source };
  const results = await takeTurns(
    [
      repeated('REST call', () => host.repl(session, source)),
      repeated('bare worker', () => roundTrip(worker)),
      repeated('bare HTTP echo', () => client.send({ method: 'POST', path: '/echo', body })),
      repeated('bare HTTP + bare worker + 1 durable row', () => client.send({ method: 'POST', path: '/run', body })),
    ],
    rounds,
  );
  client.close();
  service.disconnect();
  await Promise.all([worker.terminate(), host.closeSession(session)]);
  report(results);
}

function report([rest, worker, echo, service]: readonly Result[]): void {
  if (rest === undefined || worker === undefined || echo === undefined || service === undefined) return;
  printTitle(`1. An empty REPL call: evaluate \`${source}\`, ${callsPerRound} calls a round, one after the other`);
  for (const result of [rest, worker, echo, service]) printResult(result);
  printRatio({ product: rest, reference: worker, aim: 6 });
  printRatio({ product: service, reference: worker });
  printRatio({ product: rest, reference: service });
}

/** The median of a round's calls: a single call is too short to be measured alone. */
function repeated(name: string, work: () => Promise<unknown>): Contestant {
  return { name, measure: async () => median(await timedEach(callsPerRound, work)) };
}

async function roundTrip(worker: Worker): Promise<void> {
  const answered = once(worker, 'message');
  worker.postMessage(source);
  await answered;
}

/** The service sends where it listens. */
async function addressOf(service: ChildProcess): Promise<string> {
  const [{ port }] = await once(service, 'message');
  return `http://127.0.0.1:${port}`;
}
