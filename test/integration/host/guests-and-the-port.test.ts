/** What a session starts, or fetches, cannot call the host that runs it: else it could grant itself everything. */
import { describe, expect, it } from 'vitest';
import type { Execution } from '#shared/contract/execution';
import { startTestHost, type TestHost } from '../../support/test-host.ts';

/** Lists the host's templates from a process of its own, and prints the status of the answer. */
const callTheHost = (url: string, headers = {}) =>
  `fetch(${JSON.stringify(url)}, { headers: ${JSON.stringify(headers)} }).then(async (response) => console.log(response.status, (await response.text()).slice(0, 200)))`;

describe('a command of exec', () => {
  it('is refused by the host, whatever it is', async () => {
    const host = await startTestHost();
    const end = await runNode(host, callTheHost(host.url('/templates')));
    expect(end).toMatchObject({ status: 'ok', result: { json: expect.stringMatching(/^403 .*a session runs/) } });
  });

  it('is refused when it has left its process group', async () => {
    const host = await startTestHost();
    const script = JSON.stringify(callTheHost(host.url('/templates')));
    const detached = `const child = require('node:child_process').spawn(process.execPath, ['-e', ${script}], { detached: true, stdio: ['ignore', 'inherit', 'ignore', 3] }); child.on('exit', () => {})`;
    expect(await runNode(host, detached)).toMatchObject({ result: { json: expect.stringMatching(/^403 /) } });
  });

  it('is answered when it shows the token, which the user must have given to it', async () => {
    const host = await startTestHost();
    const headers = { authorization: `Bearer ${host.app.token}` };
    const end = await runNode(host, callTheHost(host.url('/templates'), headers));
    expect(end).toMatchObject({ result: { json: expect.stringMatching(/^200 /) } });
  });
});

it('does not keep the user out while a command runs', async () => {
  const host = await startTestHost();
  const session = await sessionWithNode(host);
  const running = host.repl(session, code('setTimeout(() => {}, 1500)'));
  expect((await host.call('GET', '/templates')).status).toBe(200);
  await running;
});

describe('fetch', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', '127.0.0.2', '[::ffff:127.0.0.1]'])(
    'does not reach the host as %s, though the template names it',
    async (name) => {
      const host = await startTestHost();
      const address = `${name}:${host.app.port}`;
      const template = await host.template('net');
      const capability = { kind: 'net', name: 'own', config: { hosts: [address, '*'] } };
      await host.ok('POST', `/templates/${template.id}/capabilities`, capability);
      const session = await host.session(template.id);
      const end = await host.repl(session.id, `await fetch("http://${address}/api/v1/health")`);
      expect(end.error?.message).toMatch(/fetch failed: .* is this host itself/);
    },
  );
});

const code = (script: string) =>
  `require("exec").run(${JSON.stringify(process.execPath)}, ["-e", ${JSON.stringify(script)}])`;

async function sessionWithNode(host: TestHost): Promise<string> {
  const template = await host.template('exec');
  await host.ok('POST', `/templates/${template.id}/modules`, { name: 'exec' });
  const capability = { kind: 'module', name: 'exec', config: { commands: [process.execPath] } };
  await host.ok('POST', `/templates/${template.id}/capabilities`, capability);
  return (await host.session(template.id)).id;
}

async function runNode(host: TestHost, script: string): Promise<Execution> {
  return host.repl(await sessionWithNode(host), code(script));
}
