import { describe, expect, it } from 'vitest';
import type { Execution } from '#shared/contract/execution';
import { startTestHost } from '../../support/test-host.ts';

const typesOf = (execution: Execution) => execution.events?.map((event) => event.type);

describe('a snippet', () => {
  it('is recorded with its echo, its output and its value, numbered from 1', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const execution = await host.repl(session.id, 'console.log("hello %s", "you"); 6 * 7');
    expect(execution).toMatchObject({
      session_id: session.id,
      kind: 'repl',
      input: 'console.log("hello %s", "you"); 6 * 7',
      status: 'ok',
      result: { type: 'number', preview: '42', json: 42 },
      events: [
        { seq: 1, type: 'input_echo', payload: { text: 'console.log("hello %s", "you"); 6 * 7' } },
        { seq: 2, type: 'console', payload: { level: 'log', text: 'hello you' } },
        { seq: 3, type: 'value', payload: { type: 'number', preview: '42', json: 42 } },
      ],
    });
    expect(execution.metrics.events).toBe(3);
    expect(execution.metrics.wall_ms).toBeGreaterThan(0);
    expect(execution.metrics.memory_bytes).toBeGreaterThan(0);
    expect(await host.events(execution.id)).toEqual(execution.events);
    expect(await host.events(execution.id, 2)).toEqual(execution.events?.slice(2));
    expect(await host.ok('GET', `/executions/${execution.id}/events?after_seq=1&limit=1`)).toEqual(
      execution.events?.slice(1, 2),
    );
  });

  it('is numbered in its session, and stacks name it', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const first = await host.repl(session.id, 'function fail() { throw new Error("here") }');
    const second = await host.repl(session.id, '\n  fail()');
    expect([first.cell, second.cell]).toEqual([1, 2]);
    expect(second.error?.stack).toBe('Error: here\n    at fail (cell 1:1:34)\n    at cell 2:2:7');
    expect(await host.ok('GET', `/executions/${second.id}`)).toMatchObject({ cell: 2 });
    const other = await host.newSession();
    expect((await host.repl(other.id, '1')).cell).toBe(1);
  });

  it('sees the state that earlier ones left', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    await host.repl(session.id, 'let count = 1; function next() { count += 1; return count; }');
    await host.repl(session.id, 'next()');
    expect((await host.repl(session.id, 'next()')).result?.json).toBe(3);
  });

  it('that throws is data: status error with message and stack', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const execution = await host.repl(session.id, 'function inner() { throw new TypeError("no good"); }\ninner()');
    expect(execution.status).toBe('error');
    expect(execution.error?.message).toBe('TypeError: no good');
    expect(execution.error?.stack).toContain('inner');
    expect(typesOf(execution)).toEqual(['input_echo', 'exception']);
  });

  it('that needs a module which is not granted is told so by name', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const execution = await host.repl(session.id, 'require("exec")');
    expect(execution.error?.message).toContain('Invalid module');
    expect(execution.error?.message).toContain('exec');
  });

  it('may wait for promises and timers, which count as wall time only', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const execution = await host.repl(session.id, 'await new Promise((done) => setTimeout(() => done("waited"), 120))');
    expect(execution.result?.json).toBe('waited');
    expect(execution.metrics.wall_ms).toBeGreaterThan(100);
    expect(execution.metrics.cpu_ms).toBeLessThan(100);
  });

  it('keeps sessions apart', async () => {
    const host = await startTestHost();
    const [one, other] = await Promise.all([host.newSession(), host.newSession()]);
    await host.repl(one.id, 'globalThis.secret = 1');
    expect((await host.repl(other.id, 'typeof secret')).result?.json).toBe('undefined');
  });
});

describe('a file', () => {
  it('runs with its arguments and environment', async () => {
    const host = await startTestHost();
    host.writeFile('job.js', 'console.log(__ARGS__.name, __ENV__.MODE);\n__ARGS__.list.length');
    const session = await host.newSession();
    const execution = await host.ok<Execution>('POST', '/executions/run-file', {
      session_id: session.id,
      path: 'job.js',
      args: { name: 'job', list: [1, 2, 3] },
      env: { MODE: 'fast' },
    });
    expect(execution).toMatchObject({ kind: 'run_file', path: 'job.js', status: 'ok', result: { json: 3 } });
    expect(execution.events?.[0]).toMatchObject({ type: 'console', payload: { text: 'job fast' } });
  });

  it('names itself and the right line in a stack', async () => {
    const host = await startTestHost();
    host.writeFile('deep/broken.js', '// one\n// two\nthrow new Error("here");');
    const session = await host.newSession();
    const execution = await host.ok<Execution>('POST', '/executions/run-file', {
      session_id: session.id,
      path: 'deep/broken.js',
    });
    expect(execution.error?.stack).toContain('deep/broken.js:3');
  });
});

describe('startup files', () => {
  it('run in their order, are recorded, and leave their state', async () => {
    const host = await startTestHost();
    host.writeFile('a.js', 'globalThis.order = ["a"];');
    host.writeFile('b.js', 'order.push("b"); console.log("from b");');
    const template = await host.template('startup');
    for (const [path, index] of [
      ['b.js', 2],
      ['a.js', 1],
    ]) {
      await host.ok('POST', `/templates/${template.id}/startup-files`, { path, order_index: index });
    }
    const session = await host.session(template.id);
    expect((await host.repl(session.id, 'order.join()')).result?.json).toBe('a,b');
    const executions = await host.ok<Execution[]>('GET', `/executions?session_id=${session.id}`);
    expect(executions.map(({ kind, path }) => `${kind} ${path ?? ''}`.trim())).toEqual([
      'repl',
      'startup b.js',
      'startup a.js',
    ]);
    expect(await host.events(executions[1]?.id ?? '')).toMatchObject([{ type: 'console' }, { type: 'value' }]);
  });

  it('that throw leave a crashed session with the reason', async () => {
    const host = await startTestHost();
    host.writeFile('bad.js', '\nnull.property;');
    const template = await host.template('crash');
    await host.ok('POST', `/templates/${template.id}/startup-files`, { path: 'bad.js' });
    const reply = await host.call<{ error: { details: Record<string, string> } }>('POST', '/sessions', {
      body: { template_id: template.id, workspace_id: 'w', base_commit_oid: 'c', worktree_path: host.worktree },
    });
    const { session_id: sessionId, ...details } = reply.body.error.details;
    expect(reply.status).toBe(422);
    expect(details).toMatchObject({ file: 'bad.js', stack: expect.stringContaining('bad.js:2') });
    const session = await host.ok<{ status: string; last_error: string }>('GET', `/sessions/${sessionId}`);
    expect(session).toMatchObject({ status: 'crashed', last_error: expect.stringContaining('bad.js') });
    expect(await host.ok('GET', '/runtime/summary')).toEqual({ active_sessions: 0, active_session_ids: [] });
  });
});

describe('without waiting', () => {
  it('a running execution is answered at once with 202, and its session is busy until the end', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const reply = await host.call<Execution>('POST', '/executions/repl?wait=false', {
      body: { session_id: session.id, input: 'await new Promise((done) => setTimeout(done, 300)); "done"' },
    });
    expect(reply).toMatchObject({ status: 202, body: { status: 'running' } });
    expect(await host.refusal('POST', '/executions/repl', { session_id: session.id, input: '1' })).toBe(
      '409 SESSION_BUSY',
    );
    const response = await fetch(host.url(`/executions/${reply.body.id}/stream`));
    await response.text();
    expect(await host.ok('GET', `/executions/${reply.body.id}`)).toMatchObject({
      status: 'ok',
      result: { json: 'done' },
    });
    expect((await host.repl(session.id, '1')).status).toBe('ok');
  });

  it('an execution can be cancelled, keeps its session and its state', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    await host.repl(session.id, 'var kept = "kept"');
    for (const input of ['for (;;);', 'await new Promise((done) => setTimeout(done, 20_000))']) {
      const running = await host.start(session.id, input);
      const cancelled = await host.ok<Execution>('POST', `/executions/${running.id}/cancel`);
      expect(cancelled).toMatchObject({ status: 'cancelled', error: { message: 'cancelled on request' } });
      expect((await host.repl(session.id, 'kept')).result?.json).toBe('kept');
    }
  });

  it('cancelling one that has ended changes nothing', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const { events: _, ...execution } = await host.repl(session.id, '1');
    expect(await host.ok('POST', `/executions/${execution.id}/cancel`)).toEqual(execution);
  });
});

describe('closing a session', () => {
  it('ends what runs in it as cancelled and keeps what was recorded', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const running = await host.start(session.id, 'console.log("before"); for (;;);');
    await expect.poll(() => host.events(running.id)).toHaveLength(2);
    const closed = await host.ok<{ status: string; closed_at?: string }>('POST', `/sessions/${session.id}/close`);
    expect(closed).toMatchObject({ status: 'closed', closed_at: expect.any(String) });
    expect(await host.ok('GET', `/executions/${running.id}`)).toMatchObject({ status: 'cancelled' });
    expect((await host.events(running.id)).map(({ type }) => type)).toEqual(['input_echo', 'console', 'system']);
    expect(await host.refusal('POST', '/executions/repl', { session_id: session.id, input: '1' })).toBe(
      '409 SESSION_NOT_READY',
    );
    expect(await host.refusal('DELETE', `/sessions/${session.id}`)).toBe('409 SESSION_NOT_READY');
  });
});

describe('a session whose runtime is gone', () => {
  it('is started again from its template after a kill, and both executions say that state is lost', async () => {
    const host = await startTestHost();
    host.writeFile('setup.js', 'globalThis.fromStartup = true;');
    const template = await host.template('killed', { cpu_ms: 200 });
    await host.ok('POST', `/templates/${template.id}/startup-files`, { path: 'setup.js' });
    const session = await host.session(template.id);
    await host.repl(session.id, 'globalThis.mine = 1');
    const killed = await host.repl(session.id, 'console.log("before"); Array(1e9) + ""');
    expect(killed).toMatchObject({ status: 'timeout', error: { limit: 'cpu_ms', allowed: 200 } });
    expect(typesOf(killed)).toEqual(['input_echo', 'console', 'system', 'system']);
    const next = await host.repl(session.id, '[typeof mine, fromStartup].join()');
    expect(next.result?.json).toBe('undefined,true');
    expect(next.events?.[1]).toMatchObject({
      type: 'system',
      payload: { level: 'warn', message: expect.stringContaining('stopped by force') },
    });
    expect((await host.ok<{ status: string }>('GET', `/sessions/${session.id}`)).status).toBe('ready');
  });

  it('wakes on first use after a restart of the host, and says that state is lost', async () => {
    const first = await startTestHost();
    const session = await first.newSession();
    await first.repl(session.id, 'globalThis.mine = 1');
    await first.app.close();
    const second = await startTestHost({}, first.folder);
    expect(await second.ok('GET', '/runtime/summary')).toEqual({
      active_sessions: 1,
      active_session_ids: [session.id],
    });
    const woken = await second.repl(session.id, 'typeof mine');
    expect(woken.result?.json).toBe('undefined');
    expect(woken.events?.[1]).toMatchObject({
      type: 'system',
      payload: { message: expect.stringContaining('host was restarted') },
    });
  });
});

describe('a template that is deleted', () => {
  it('leaves its live sessions running under the settings of their day', async () => {
    const host = await startTestHost();
    const template = await host.template('short-lived', { max_events: 3 });
    const session = await host.session(template.id);
    await host.ok('DELETE', `/templates/${template.id}`);
    expect((await host.repl(session.id, '1')).status).toBe('ok');
    expect(
      await host.refusal('POST', '/executions/repl', {
        session_id: session.id,
        input: 'for (let i = 0; i < 10; i += 1) console.log(i)',
      }),
    ).toBe('422 OUTPUT_LIMIT_EXCEEDED');
    expect(await host.ok('GET', `/sessions/${session.id}`)).toMatchObject({
      vm_id: template.id,
      runtime_meta: { template_name: 'short-lived' },
    });
  });
});

describe('output limits', () => {
  it('keep what fitted, stop the guest, and name the limit', async () => {
    const host = await startTestHost();
    const session = await host.newSession({ max_events: 5 });
    const reply = await host.call<{ error: { details: Record<string, unknown> } }>('POST', '/executions/repl', {
      body: { session_id: session.id, input: 'var i = 0; for (;;) console.log(i++)' },
    });
    const { details } = reply.body.error;
    expect(reply.status).toBe(422);
    expect(details).toMatchObject({ limit: 'max_events', allowed: 5, execution_id: expect.any(String) });
    const events = await host.events(String(details.execution_id));
    expect(events.filter(({ type }) => type === 'console')).toHaveLength(5);
    expect(events.at(-1)).toMatchObject({
      type: 'system',
      payload: { message: expect.stringContaining('max_events') },
    });
    expect((await host.repl(session.id, '"still here"')).result?.json).toBe('still here');
  });

  it('count bytes too', async () => {
    const host = await startTestHost();
    const session = await host.newSession({ max_output_kb: 1 });
    const body = { session_id: session.id, input: 'for (;;) console.log("x".repeat(100))' };
    expect(await host.refusal('POST', '/executions/repl', body)).toBe('422 OUTPUT_LIMIT_EXCEEDED');
  });
});
