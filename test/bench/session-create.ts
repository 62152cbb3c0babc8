/** Creating a session through REST, against instantiating the engine alone. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Session } from '#shared/contract/session';
import { compileEngine, newBareContext } from './bare-engine.ts';
import type { BuiltHost } from './built-host.ts';
import { printLatency, printRatio, printResult, printTitle } from './report.ts';
import { type Result, takeTurns, timed, timedEach } from './rounds.ts';
import { median } from './statistics.ts';

const rounds = 21;
const instancesInRow = 10;
const burst = 12;
/** A person does not create sessions back to back: by then the host has a warm worker again, and caches are cold. */
const pauseMs = 250;

export async function measureSessionCreate(host: BuiltHost): Promise<void> {
  const template = await host.template('session create');
  const wasmModule = await compileEngine();
  const created: Session[] = [];
  const create = async () => created.push(await host.session(template));
  const instantiate = async () => (await newBareContext(wasmModule)).dispose();
  const results = await takeTurns(
    [
      { name: 'session create', measure: () => afterPause(create) },
      { name: 'engine instance', measure: () => afterPause(instantiate) },
      { name: 'engine instance in a row', measure: async () => median(await timedEach(instancesInRow, instantiate)) },
    ],
    rounds,
  );
  await closeAll(host, created);
  const burstMs = await timedEach(burst, create);
  await closeAll(host, created);
  report(results, burstMs);
}

function report([session, single, row]: readonly Result[], burstMs: readonly number[]): void {
  if (session === undefined || single === undefined || row === undefined) return;
  printTitle(`3. Creating a session, one after a pause of ${pauseMs} ms`);
  for (const result of [session, single, row]) printResult(result);
  printRatio({ product: session, reference: single, aim: 5 });
  printRatio({ product: session, reference: row, aim: 5 });
  printLatency(`${burst} sessions back to back, past the warm workers`, burstMs);
}

async function afterPause(work: () => Promise<unknown>): Promise<number> {
  await pause(pauseMs);
  return timed(work);
}

async function closeAll(host: BuiltHost, sessions: Session[]): Promise<void> {
  for (const session of sessions.splice(0)) await host.closeSession(session);
}
