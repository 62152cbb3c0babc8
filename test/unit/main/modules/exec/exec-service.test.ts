/** How many commands run at once. Guests wait for each; a worker that is not ours any more need not. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CommandHost } from '#main/modules/exec/command-host';
import { execServices } from '#main/modules/exec/exec-service';
import type { GuestService } from '#main/modules/guest-services';
import type { Capability } from '#shared/contract/template';
import { living, newSleepTime } from '../../../../support/living-processes.ts';
import { runtimeSpec } from '../../../../support/real-runtime-host.ts';
import { temporaryFolder } from '../../../../support/temp-dir.ts';

function newSessions(count: number): GuestService[] {
  const folder = temporaryFolder();
  const host = new CommandHost(folder);
  const open = execServices(host);
  const config = { commands: ['sleep'] };
  const capability = { id: '', vm_id: '', kind: 'module', name: 'exec', enabled: true, config } as const;
  const spec = runtimeSpec({ modules: ['exec'], capabilities: [capability], worktree: folder });
  const sessions = Array.from({ length: count }, () => open(spec)).filter((session) => session !== undefined);
  onTestFinished(async () => {
    await Promise.all(sessions.map((session) => session.close()));
    await host.close();
  });
  return sessions;
}

/** Resolves to the code of what was thrown. */
async function codeOfSleeping(session: GuestService | undefined, sleepTime: string): Promise<unknown> {
  const argument = { command: 'sleep', args: [sleepTime] };
  const context = { abort: new AbortController().signal, print: () => undefined };
  try {
    return await session?.call({ service: 'exec', operation: 'run', argument }, context);
  } catch (error) {
    return error instanceof Error && 'fields' in error ? error.fields : error;
  }
}

test('a session runs four commands at once, and none any more when it is closed', async () => {
  const sleepTime = newSleepTime();
  const [session] = newSessions(1);
  const running = Array.from({ length: 4 }, () => codeOfSleeping(session, sleepTime));
  expect(await codeOfSleeping(session, sleepTime)).toMatchObject({ code: 'EAGAIN' });
  await session?.close();
  expect(await Promise.all(running)).toMatchObject(Array(4).fill({ code: 'ABORTED' }));
  expect(living(sleepTime)).toEqual([]);
});

test('a host runs 32 commands at once', async () => {
  const sleepTime = newSleepTime();
  const sessions = newSessions(9);
  const running = sessions
    .slice(0, 8)
    .flatMap((session) => Array.from({ length: 4 }, () => codeOfSleeping(session, sleepTime)));
  await expect.poll(() => living(sleepTime).length, { timeout: 15_000 }).toBe(32);
  expect(await codeOfSleeping(sessions[8], sleepTime)).toMatchObject({ code: 'EAGAIN' });
  await Promise.all(sessions.map((session) => session.close()));
  await Promise.all(running);
  expect(living(sleepTime)).toEqual([]);
});

test('a program that the session may rewrite is not run, and one that it may not is', async () => {
  const folder = temporaryFolder();
  const program = join(folder, 'tool');
  writeFileSync(program, '#!/bin/sh\necho ran\n', { mode: 0o755 });
  const host = new CommandHost(temporaryFolder());
  onTestFinished(() => host.close());
  const exec: Capability = {
    id: '1',
    vm_id: '',
    kind: 'module',
    name: 'exec',
    enabled: true,
    config: { commands: [program] },
  };
  const readOnly: Capability = {
    id: '2',
    vm_id: '',
    kind: 'module',
    name: 'fs',
    enabled: true,
    config: { read_only: true },
  };
  const run = async (modules: readonly string[], capabilities: Capability[]) => {
    const session = execServices(host)(runtimeSpec({ modules, capabilities, worktree: folder }));
    onTestFinished(() => session?.close());
    const call = { service: 'exec', operation: 'run', argument: { command: program, args: [] } };
    return session?.call(call, { abort: new AbortController().signal, print: () => undefined });
  };
  await expect(run(['exec', 'fs'], [exec])).rejects.toThrow(/may write to/);
  await expect(run(['exec', 'fs'], [exec, readOnly])).resolves.toBeDefined();
  await expect(run(['exec'], [exec])).resolves.toBeDefined();
});
