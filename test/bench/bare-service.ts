/**
 * A process with the least that keeps the product's promises: node:http, a bare worker, one row synchronised to disk
 * before the reply. No checks, no limits, no events: what nobody who makes these promises can go below.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Worker } from 'node:worker_threads';
import { openDatabase } from '#main/store/open-database';
import { compileEngine } from './bare-engine.ts';

const database = openDatabase(process.argv[2] ?? ':memory:');
database.exec(
  'CREATE TABLE bare_execution (ordinal INTEGER PRIMARY KEY, input TEXT NOT NULL, result TEXT NOT NULL) STRICT',
);
const insert = database.prepare('INSERT INTO bare_execution (input, result) VALUES (?, ?)');
const worker = new Worker(new URL('./bare-worker.ts', import.meta.url), { workerData: await compileEngine() });

const server = createServer(async (request, response) => {
  const { input } = JSON.parse(await textOf(request));
  if (request.url?.endsWith('/run') !== true) return answer(response, { input });
  worker.postMessage(input);
  const [result] = await once(worker, 'message');
  insert.run(input, JSON.stringify(result));
  answer(response, { input, result });
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.once('disconnect', () => process.exit());

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}
