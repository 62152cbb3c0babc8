/**
 * Hostile scripts in one session of a real host, one after the other, while another session is used: every execution
 * ends within its limit and half a second, the neighbour is answered, and the host's memory comes back.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Execution } from '#shared/contract/execution';
import { type HostProcess, startHostProcess } from '../support/host-process.ts';
import { temporaryFolder } from '../support/temp-dir.ts';

const limits = { cpu_ms: 300, wall_ms: 2000, mem_mb: 64, max_events: 2000, max_output_kb: 256 };

const hostile = [
  'while (1);',
  'for (;;) { new Promise(() => { for (;;); }); }',
  '/(a+)+$/.test("a".repeat(40) + "!")',
  'const all = []; for (;;) all.push({ all });',
  'const texts = []; for (;;) texts.push("x".repeat(1e5) + texts.length);',
  'Array(1e9) + ""',
  '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)',
  '(function deep() { deep(); deep(); })()',
  'JSON.parse("[".repeat(1e6))',
  'for (;;) console.log("flood")',
  'for (;;) console.log("flood".repeat(1000))',
  '(function again() { Promise.resolve().then(again); })()',
  '({ toJSON() { for (;;); } })',
];

function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1]) * 1024;
}

async function hostileSession(host: HostProcess, worktree: string): Promise<string> {
  const template = await host.call<{ id: string }>('POST', '/templates', { name: 'hostile' });
  await host.call('PATCH', `/templates/${template.id}/settings`, { limits });
  const fields = { template_id: template.id, workspace_id: 'w', base_commit_oid: 'c', worktree_path: worktree };
  return (await host.call<{ id: string }>('POST', '/sessions', fields)).id;
}

/** Runs every hostile script to its end and resolves to how long each took by the host's own clock. */
async function attack(
  host: HostProcess,
  sessionId: string,
): Promise<{ source: string; wallMs: number; status: string }[]> {
  const ends: { source: string; wallMs: number; status: string }[] = [];
  for (const source of hostile) {
    const body = { session_id: sessionId, input: source };
    await host.call('POST', '/executions/repl', body).catch((error) => expect(String(error)).toContain('OUTPUT_LIMIT'));
    const [execution] = await host.call<Execution[]>('GET', `/executions?session_id=${sessionId}&limit=1`);
    ends.push({ source, wallMs: execution?.metrics.wall_ms ?? Number.NaN, status: execution?.status ?? 'none' });
  }
  return ends;
}

it.runIf(process.platform === 'linux')(
  'hostile scripts end in time and trouble nobody (reads /proc, so Linux only)',
  async () => {
    const home = temporaryFolder();
    const host = await startHostProcess(home);
    const neighbour = await host.newSession(join(home, 'work'));
    const attacker = await hostileSession(host, join(home, 'work'));
    const ask = () => host.call<Execution>('POST', '/executions/repl', { session_id: neighbour, input: '6 * 7' });
    for (let count = 0; count < 50; count += 1) await ask();
    const bytesBefore = residentBytes(host.pid);

    let isDone = false;
    const attacking = attack(host, attacker).finally(() => {
      isDone = true;
    });
    const latenciesMs: number[] = [];
    while (!isDone) {
      const startedMs = performance.now();
      expect((await ask()).result?.json).toBe(42);
      latenciesMs.push(performance.now() - startedMs);
    }
    const ends = await attacking;

    for (const { source, wallMs, status } of ends) {
      expect({ source, status }).toEqual({ source, status: expect.stringMatching(/^(ok|error|timeout)$/) });
      expect({ source, wallMs }).toEqual({ source, wallMs: expect.toSatisfy((ms) => ms < limits.cpu_ms + 500) });
    }
    expect(latenciesMs.length).toBeGreaterThan(100);
    // The aim is a p99 under 50 ms, which "npm run bench" measures; here only something broken may fail.
    latenciesMs.sort((one, other) => one - other);
    expect(latenciesMs[Math.floor(latenciesMs.length * 0.99)]).toBeLessThan(250);
    await expect
      .poll(() => residentBytes(host.pid) - bytesBefore, { timeout: 15_000, interval: 250 })
      .toBeLessThan(100e6);
    const { code, stderr } = await host.end('SIGTERM');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  },
  60_000,
);
