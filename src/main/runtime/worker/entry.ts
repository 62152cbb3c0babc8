/**
 * Entry of a worker thread: boots an instance at once, as its host expects sessions to want it, so that a waiting
 * worker is a warm one, then serves its host's messages. It holds no policy; what it cannot go on from, it says, and ends.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { OutputJournal } from '../output-journal.ts';
import type { HostMessage, InstanceOptions, WorkerMessage, WorkerSetup } from '../protocol.ts';
import { RunMeter } from '../run-meter.ts';
import { Evaluator } from './evaluator.ts';
import { HostCalls } from './host-calls.ts';

type OpenMessage = Extract<HostMessage, { kind: 'open' }>;

if (parentPort === null) throw new Error('This file is the entry of a worker thread');
const port = parentPort;
const setup = workerData as WorkerSetup; // our own host wrote it, from the same type
const meter = new RunMeter(setup.meter);
const calls = new HostCalls(setup.callPort, meter);
const shared = { meter, journal: new OutputJournal(setup.journal), calls };

let options = setup.options;
let evaluator = await boot(options);
port.on('message', (message: string) => {
  serve(JSON.parse(message)).catch(fail);
});
post({ kind: 'ready' });

async function serve(message: HostMessage): Promise<void> {
  switch (message.kind) {
    case 'open': {
      const taken = await open(message);
      return post({ kind: 'opened', id: message.id, ...(taken === '' ? {} : { taken }) });
    }
    case 'run': {
      const { id } = message;
      const outcome = await evaluator.run(message, (events) => post({ kind: 'events', id, events }));
      post({ kind: 'ended', id, outcome });
      // After the answer, so that nobody waits for it; a run that comes next waits for this.
      if (outcome.usable) evaluator.inspector.note();
      return;
    }
    case 'variables':
      return post({ kind: 'variables', id: message.id, ...evaluator.inspector.variables() });
    case 'names':
      return post({ kind: 'names', id: message.id, names: evaluator.inspector.names(message.chain) });
    case 'cancel':
      return evaluator.cancel();
  }
}

/** Keeps the warm instance where it was booted as the session wants it. Returns as the evaluator does. */
async function open({ options: wanted, guest }: OpenMessage): Promise<string> {
  if (wanted.memMb !== options.memMb) {
    evaluator = await boot(wanted);
    options = wanted;
  }
  return evaluator.open(guest);
}

function boot(wanted: InstanceOptions): Promise<Evaluator> {
  return Evaluator.boot({ ...setup, options: wanted }, shared);
}

function post(message: WorkerMessage): void {
  port.postMessage(JSON.stringify(message));
}

function fail(error: unknown): void {
  post({ kind: 'failed', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  port.close();
  setup.callPort.close();
}
