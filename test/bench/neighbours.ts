/** What others notice while a session misbehaves: calls to another session, one after the other, and the health check. */
import type { BuiltHost } from './built-host.ts';
import { printLatency, printTitle } from './report.ts';
import { timedEach } from './rounds.ts';

const healthCalls = 2000;
const aimP99Ms = 50;
/** For as long as the calls last, and not for ever should the bench die. */
const hostileLimits = { cpu_ms: 20_000, wall_ms: 20_000 };
const calls = 1000;
const hostileScripts = ['for(;;){}', "Array(1e9)+''"];

export async function measureHealth(host: BuiltHost): Promise<void> {
  const samples = await timedEach(healthCalls, () => host.client.send({ method: 'GET', path: '/health' }));
  printTitle('4. Health check');
  printLatency('GET /health', samples);
}

export async function measureNeighbours(host: BuiltHost): Promise<void> {
  const hostile = await host.template('hostile', hostileLimits);
  const quiet = await host.session(await host.template('quiet'));
  const ask = () => host.repl(quiet, '1');
  printTitle('5. An empty REPL call to one session while another misbehaves');
  printLatency('alone', await timedEach(calls, ask));
  for (const script of hostileScripts) {
    const session = await host.session(hostile);
    const execution = await host.start(session, script);
    const samples = await timedEach(calls, ask);
    const { status } = await host.client.call<{ status: string }>({
      method: 'GET',
      path: `/executions/${execution.id}`,
    });
    await host.closeSession(session);
    printLatency(`beside ${script}${status === 'running' ? '' : ` (which ended early: ${status})`}`, samples, aimP99Ms);
  }
  await host.closeSession(quiet);
}
