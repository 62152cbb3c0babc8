/** Where the token comes from, and who never gets to see it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { runFileName } from '#shared/run-file';
import { closeServer, listen, type StubHost, sendJson, sessionId, startStubHost } from '../../support/stub-host.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';
import { runInProcess } from './run-in-process.ts';

const token = 'the-token-of-the-host';
let host: StubHost | undefined;

afterEach(async () => {
  await host?.close();
  host = undefined;
});

/** A data folder whose run file names the token for a port. */
function dataFolderFor(port: number, content: unknown = { port, pid: 7, token, started: '2026-11-20T09:30:00.000Z' }) {
  const data = temporaryFolder();
  mkdirSync(join(data, 'run'));
  writeFileSync(join(data, 'run', runFileName(port)), JSON.stringify(content));
  return data;
}

/** Something else that listens on the port, and what it was sent. */
async function startSquatter(answer: RequestListener) {
  const received: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    received.push(request);
    response.setHeader('x-request-id', 'squatter');
    answer(request, response);
  });
  const port = await listen(server);
  onTestFinished(() => closeServer(server));
  return { port, url: `http://127.0.0.1:${port}`, received };
}

const run = (url: string, data: string, ...words: string[]) =>
  runInProcess({ words: ['--server-url', url, ...words], env: { VM_SYSTEM_HOME: data } });

it('sends the token of the run file once the host has asked for it and proven that it holds it', async () => {
  host = await startStubHost({ token });
  const { code, stdout, stderr } = await run(
    host.url,
    dataFolderFor(host.port),
    'template',
    'create',
    '--name',
    'demo',
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Created template: demo /);
  expect(host.authorizations).toEqual([undefined, undefined, `Bearer ${token}`]);
  expect(host.calls.map(({ operation }) => operation)).toEqual(['host.hello', 'templates.create']);
});

it('follows a stream with the token too', async () => {
  host = await startStubHost({ token });
  const { code } = await run(host.url, dataFolderFor(host.port), 'exec', 'repl', sessionId, '1', '--follow');
  expect(code).toBe(0);
  expect(host.calls.map(({ operation }) => operation)).toContain('executions.stream');
});

it('shows the refusal where there is no run file', async () => {
  host = await startStubHost({ token });
  const { code, stderr } = await run(host.url, temporaryFolder(), 'ops', 'health');
  expect({ code, stderr }).toEqual({ code: 6, stderr: 'Error: This host asks for its token. (UNAUTHORIZED)\n' });
});

it('shows the refusal where the run file is damaged', async () => {
  host = await startStubHost({ token });
  const { code, stderr } = await run(host.url, dataFolderFor(host.port, { port: 'x' }), 'ops', 'health');
  expect({ code, stderr }).toEqual({ code: 6, stderr: 'Error: This host asks for its token. (UNAUTHORIZED)\n' });
});

const refusal = { error: { code: 'UNAUTHORIZED', message: 'Token, please.' } };
const squatters: [name: string, answer: RequestListener][] = [
  ['refuses everything', (_, response) => sendJson(response, 401, refusal)],
  [
    'proves nothing',
    ({ url = '' }, response) =>
      url.includes('/hello') ? sendJson(response, 200, { pid: 1, proof: '' }) : sendJson(response, 401, refusal),
  ],
  [
    'echoes the nonce as its proof',
    ({ url = '' }, response) => {
      const nonce = new URL(url, 'http://localhost').searchParams.get('nonce');
      if (nonce === null) sendJson(response, 401, refusal);
      else sendJson(response, 200, { pid: 1, proof: nonce });
    },
  ],
];
it.for(squatters)('keeps the token from a squatter that %s', async ([, answer]) => {
  const squatter = await startSquatter(answer);
  const { code, stdout, stderr } = await run(squatter.url, dataFolderFor(squatter.port), 'template', 'list');
  expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
  expect(stderr).toMatch(/could not prove that it holds .*\(HOST_NOT_PROVEN\)\n$/);
  expect(squatter.received.length).toBe(2);
  expect(JSON.stringify(squatter.received.map(({ url, rawHeaders }) => [url, rawHeaders]))).not.toContain(token);
});

it('follows no redirect', async () => {
  host = await startStubHost();
  const target = host.url;
  const squatter = await startSquatter((_, response) => {
    response.writeHead(307, { location: target, 'content-type': 'application/json' }).end('{}');
  });
  const { code, stderr } = await run(squatter.url, dataFolderFor(squatter.port), 'template', 'list');
  expect({ code, stderr }).toEqual({
    code: 8,
    stderr:
      `Error: ${squatter.url} answered 307: a redirect, which the CLI never follows. ` +
      'Check --server-url, or what else listens on that port. (UNEXPECTED_ANSWER)\n',
  });
  expect(host.authorizations).toEqual([]);
});

it('tells another server from a host', async () => {
  const server = createServer((_, response) => response.end('<html>hello</html>'));
  const port = await listen(server);
  onTestFinished(() => closeServer(server));
  const { code, stdout, stderr } = await run(`http://127.0.0.1:${port}`, temporaryFolder(), 'template', 'list');
  expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
  expect(stderr).toMatch(/ answered 200: not the answer of a vm-system host\. .*\(UNEXPECTED_ANSWER\)\n$/);
});

it('prints the token of a host that has proven itself', async () => {
  host = await startStubHost({ token });
  const data = dataFolderFor(host.port);
  expect(await run(host.url, data, 'ops', 'token')).toEqual({ code: 0, stdout: `${token}\n`, stderr: '' });
  const { stdout } = await run(host.url, data, 'ops', 'token', '--json');
  expect(JSON.parse(stdout)).toEqual({ token });
});

it('prints no token for a port that nobody is known to hold', async () => {
  host = await startStubHost({ token });
  const { code, stderr } = await run(host.url, temporaryFolder(), 'ops', 'token');
  expect(code).toBe(4);
  expect(stderr).toMatch(/^Error: No host that you started is known at .*\(TOKEN_NOT_FOUND\)\n$/);
});

it('prints no token for what only looks like the host', async () => {
  const squatter = await startSquatter((_, response) => sendJson(response, 200, { pid: 7, proof: '00' }));
  const { code, stdout } = await run(squatter.url, dataFolderFor(squatter.port), 'ops', 'token');
  expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
});
