import { describe, expect, it } from 'vitest';
import { VmError } from '#core/vm-error';
import type { Execution } from '#shared/contract/execution';
import { type CoreOnFakes, coreOnFakes } from '../../../support/core-on-fakes.ts';
import { allEvents } from '../../../support/sample-records.ts';

const codeOf = (code: string) => expect.objectContaining({ code });

async function repl({ core }: CoreOnFakes, sessionId: string, input: string): Promise<Execution> {
  const { ended } = await core.executions.repl({ session_id: sessionId, input }, { keepsEvents: true });
  return ended;
}

const summaryOf = (execution: Execution) => ({
  status: execution.status,
  events: execution.events?.map(({ seq, type }) => `${seq} ${type}`),
});

describe('an execution', () => {
  it('is recorded as running before its code runs, and ended in full', async () => {
    const fakes = coreOnFakes();
    const sessionId = await fakes.newSession();
    const { execution, ended } = await fakes.core.executions.repl(
      { session_id: sessionId, input: 'log one\nvalue 2' },
      { keepsEvents: true },
    );
    expect((await fakes.executions.find(execution.id))?.status).toBe('running');
    expect(summaryOf(await ended)).toEqual({ status: 'ok', events: ['1 input_echo', '2 console', '3 value'] });
    expect(await fakes.executions.find(execution.id)).toMatchObject({ status: 'ok', result: { json: 2 } });
  });

  it('keeps no events in memory where nobody waits for them, and all in the store', async () => {
    const fakes = coreOnFakes();
    const sessionId = await fakes.newSession();
    const { ended } = await fakes.core.executions.repl(
      { session_id: sessionId, input: 'log one\nlog two' },
      { keepsEvents: false },
    );
    const execution = await ended;
    expect(execution.events).toBeUndefined();
    expect(execution.metrics.events).toBe(4);
    expect(await fakes.executions.events(execution.id, 0, allEvents)).toHaveLength(4);
  });

  it('finds its session busy while another one runs, at once', async () => {
    const fakes = coreOnFakes();
    const sessionId = await fakes.newSession();
    const running = await fakes.core.executions.repl({ session_id: sessionId, input: 'wait' }, { keepsEvents: false });
    await expect(repl(fakes, sessionId, 'value 1')).rejects.toEqual(
      expect.objectContaining({
        code: 'SESSION_BUSY',
        details: { session_id: sessionId, execution_id: running.execution.id },
      }),
    );
    await fakes.core.executions.cancel(running.execution.id);
    expect((await repl(fakes, sessionId, 'value 1')).status).toBe('ok');
  });

  it('is refused by the truest reason: no session, not ready, busy', async () => {
    const fakes = coreOnFakes();
    await expect(repl(fakes, crypto.randomUUID(), 'value 1')).rejects.toEqual(codeOf('SESSION_NOT_FOUND'));
    const sessionId = await fakes.newSession();
    await fakes.core.sessions.close(sessionId);
    await expect(repl(fakes, sessionId, 'value 1')).rejects.toEqual(codeOf('SESSION_NOT_READY'));
  });
});

describe('a runtime that is lost', () => {
  it.each(['kill cpu_ms', 'fault memory access out of bounds'])('%s: the next use wakes the session', async (input) => {
    const fakes = coreOnFakes();
    const sessionId = await fakes.newSession('set seed 1');
    const lost = await repl(fakes, sessionId, input);
    expect(lost.events?.slice(-2).map(({ type }) => type)).toEqual(['system', 'system']);
    expect(fakes.runtimes.liveCount).toBe(0);
    const next = await repl(fakes, sessionId, 'get seed');
    expect(summaryOf(next)).toEqual({ status: 'ok', events: ['1 input_echo', '2 system', '3 value'] });
    expect(fakes.runtimes.opened).toHaveLength(2);
  });

  it('while nobody used it costs no execution: the next one wakes the session and says so', async () => {
    const fakes = coreOnFakes();
    const sessionId = await fakes.newSession();
    await fakes.runtimes.close();
    const next = await repl(fakes, sessionId, 'value 1');
    expect(next).toMatchObject({ status: 'ok', result: { json: 1 } });
    expect(next.events?.[1]?.payload).toMatchObject({ message: expect.stringContaining('ended while it was idle') });
  });

  it('that cannot be started again refuses the call, leaves the session ready, and tries again', async () => {
    const fakes = coreOnFakes();
    const sessionId = await fakes.newSession('value 1');
    await repl(fakes, sessionId, 'kill cpu_ms');
    fakes.writeFile('startup.txt', 'throw not today');
    await expect(repl(fakes, sessionId, 'value 1')).rejects.toEqual(codeOf('STARTUP_FAILED'));
    expect(fakes.runtimes.liveCount).toBe(0);
    expect((await fakes.core.sessions.get(sessionId)).status).toBe('ready');
    fakes.writeFile('startup.txt', 'value 1');
    expect((await repl(fakes, sessionId, 'value 2')).result?.json).toBe(2);
  });

  it('by breaking its promise never to reject is a fault of the runtime, and said so', async () => {
    const fakes = coreOnFakes();
    const sessionId = await fakes.newSession();
    const execution = await repl(fakes, sessionId, 'set broken {');
    expect(execution).toMatchObject({ status: 'error', error: { message: expect.stringContaining('runtime failed') } });
    expect(fakes.log.entries.map(({ message }) => message)).toContain('a runtime broke its contract and rejected');
    expect((await repl(fakes, sessionId, 'value 1')).status).toBe('ok');
  });
});

describe('closing a session', () => {
  it('cancels an execution that was still waking it', async () => {
    const fakes = coreOnFakes();
    const sessionId = await fakes.newSession('value 1');
    await repl(fakes, sessionId, 'kill cpu_ms');
    const waking = fakes.core.executions.repl({ session_id: sessionId, input: 'wait' }, { keepsEvents: false });
    const closed = await fakes.core.sessions.close(sessionId);
    expect(closed.status).toBe('closed');
    const execution = await (await waking).ended;
    expect(execution).toMatchObject({
      status: 'cancelled',
      error: { message: 'cancelled because its session was closed' },
    });
    expect(fakes.runtimes.liveCount).toBe(0);
  });
});

describe('a host without room', () => {
  it('refuses a session before anything of it is written', async () => {
    const fakes = coreOnFakes(undefined, { maxLive: 1 });
    const sessionId = await fakes.newSession();
    await expect(fakes.newSession()).rejects.toEqual(codeOf('SESSION_LIMIT_REACHED'));
    expect((await fakes.core.sessions.list()).map(({ id }) => id)).toEqual([sessionId]);
  });
});

describe('stopping', () => {
  it('cancels what runs, stores it, refuses what comes, and gives every runtime back', async () => {
    const fakes = coreOnFakes();
    const [one, other] = [await fakes.newSession(), await fakes.newSession()];
    const running = await fakes.core.executions.repl({ session_id: one, input: 'wait' }, { keepsEvents: false });
    await fakes.core.stop();
    expect(await fakes.executions.find(running.execution.id)).toMatchObject({ status: 'cancelled' });
    await expect(repl(fakes, other, 'value 1')).rejects.toEqual(codeOf('HOST_STOPPING'));
    await expect(fakes.newSession()).rejects.toEqual(codeOf('HOST_STOPPING'));
    expect(fakes.runtimes.liveCount).toBe(0);
    await fakes.core.stop();
  });
});

/** Calls the core as a client would and notes what was answered; what is refused is refused. */
async function story(fakes: CoreOnFakes): Promise<{ answered: Execution[]; sessionIds: string[] }> {
  const answered: Execution[] = [];
  const sessionIds: string[] = [];
  for (const input of ['log a\nlog b\nvalue 1', 'kill cpu_ms', 'throw up', 'value 2']) {
    try {
      if (sessionIds.length === 0) sessionIds.push(await fakes.newSession('log starting'));
      answered.push(await repl(fakes, sessionIds[0] ?? '', input));
    } catch (error) {
      expect(error).toEqual(codeOf('STORE_WRITE_FAILED'));
    }
  }
  return { answered, sessionIds };
}

const writes = new Set(['insert', 'modify', 'update', 'begin', 'append', 'finish']);

function countingWrites(): { interfere: (method: string) => void; failAt: number; count: number } {
  const state = {
    count: 0,
    failAt: 0,
    interfere(method: string) {
      if (!writes.has(method)) return;
      state.count += 1;
      if (state.count === state.failAt) throw new VmError('STORE_WRITE_FAILED', 'The disk is full. Free some space.');
    },
  };
  return state;
}

it('a store that refuses the n-th write, for every n: nothing answered is lost, no gap, nothing runs for ever', async () => {
  const faultless = countingWrites();
  await story(coreOnFakes(faultless.interfere));
  expect(faultless.count).toBeGreaterThan(15);

  for (let failAt = 1; failAt <= faultless.count; failAt += 1) {
    const faulty = countingWrites();
    faulty.failAt = failAt;
    const fakes = coreOnFakes(faulty.interfere);
    const { answered, sessionIds } = await story(fakes);
    for (const { events, ...execution } of answered) {
      expect(await fakes.executions.find(execution.id)).toEqual(execution);
      expect(await fakes.executions.events(execution.id, 0, allEvents)).toEqual(events);
    }
    for (const sessionId of sessionIds) {
      const executions = await fakes.core.executions.list(sessionId, 100);
      expect(executions.filter(({ status }) => status === 'running')).toEqual([]);
      for (const execution of executions) {
        const seqs = (await fakes.executions.events(execution.id, 0, allEvents)).map(({ seq }) => seq);
        expect(seqs).toEqual(seqs.map((_, index) => index + 1));
        expect(seqs).toHaveLength(execution.metrics.events);
      }
    }
    await fakes.core.stop();
    expect(fakes.runtimes.liveCount).toBe(0);
  }
});
