/** Entry of a worker thread that does nothing but evaluate: the least that running code in a sandboxed thread can cost. */
import { parentPort, workerData } from 'node:worker_threads';
import { newBareContext } from './bare-engine.ts';

const context = await newBareContext(workerData);
parentPort?.on('message', (source: string) => {
  const result = context.unwrapResult(context.evalCode(source));
  parentPort?.postMessage(result.consume((value) => context.dump(value)));
});
