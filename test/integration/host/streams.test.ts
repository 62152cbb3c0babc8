import { describe, expect, it } from 'vitest';
import { startTestHost, type TestHost } from '../../support/test-host.ts';

interface Message {
  readonly event: string;
  readonly id?: string;
  readonly data: string;
}

/** Reads server-sent events until the stream ends or `count` messages have come. */
async function read(
  host: TestHost,
  path: string,
  options: { lastEventId?: string; count?: number } = {},
): Promise<Message[]> {
  const { lastEventId, count = Number.POSITIVE_INFINITY } = options;
  const response = await fetch(host.url(path), {
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const messages: Message[] = [];
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      );
      if (fields.event !== undefined) messages.push({ data: '', ...fields, event: fields.event });
    }
    if (messages.length >= count) break;
  }
  return messages;
}

const idsOf = (messages: readonly Message[]) =>
  messages.filter(({ event }) => event === 'message').map(({ id }) => Number(id));
const countTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the stream of an execution', () => {
  it('replays what was, follows what comes, and ends with the execution', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const running = await host.start(
      session.id,
      'for (let i = 0; i < 20; i += 1) { console.log(i); await new Promise((done) => setTimeout(done, 10)); } "end"',
    );
    const [early, late] = await Promise.all([
      read(host, `/executions/${running.id}/stream`),
      read(host, `/executions/${running.id}/stream`, { lastEventId: '5' }),
    ]);
    expect(idsOf(early)).toEqual(countTo(22));
    expect(idsOf(late)).toEqual(countTo(22).slice(5));
    expect(early.at(-1)?.event).toBe('done');
    expect(JSON.parse(early.at(-1)?.data ?? '')).toMatchObject({
      id: running.id,
      status: 'ok',
      result: { json: 'end' },
    });
  });

  it('loses and repeats nothing, wherever in the run a reader joins', async () => {
    const host = await startTestHost();
    const session = await host.newSession({ max_events: 5000 });
    const running = await host.start(
      session.id,
      'for (let i = 0; i < 3000; i += 1) { console.log(i); if (i % 100 === 0) await new Promise((done) => setTimeout(done, 1)); }',
    );
    const readers = countTo(8).map(() => read(host, `/executions/${running.id}/stream`));
    for (const messages of await Promise.all(readers)) expect(idsOf(messages)).toEqual(countTo(3002));
  });

  it('of one that has ended is its replay', async () => {
    const host = await startTestHost();
    const session = await host.newSession();
    const { id } = await host.repl(session.id, '1');
    expect((await read(host, `/executions/${id}/stream`)).map(({ event }) => event)).toEqual([
      'message',
      'message',
      'done',
    ]);
  });

  it('of an unknown one is a plain 404', async () => {
    const host = await startTestHost();
    expect(await host.refusal('GET', `/executions/${crypto.randomUUID()}/stream`)).toBe('404 EXECUTION_NOT_FOUND');
  });
});

describe('the stream of the host', () => {
  it('tells what changes, and lets a reader come back where it left', async () => {
    const host = await startTestHost();
    const reading = read(host, '/events', { count: 3 });
    // The first event can only be heard once the stream is open; asking the host again makes sure of it.
    await host.ok('GET', '/health');
    const session = await host.newSession();
    const messages = await reading;
    const types = messages.map(({ data }) => JSON.parse(data).type);
    expect(types).toEqual(['template_changed', 'session_changed', 'session_changed']);
    await host.repl(session.id, '1');
    const later = await read(host, '/events', { lastEventId: messages[2]?.id ?? '', count: 2 });
    expect(later.map(({ data }) => JSON.parse(data).execution.status)).toEqual(['running', 'ok']);
  });

  it('tells a reader from another run of the host to load everything anew', async () => {
    const host = await startTestHost();
    const [message] = await read(host, '/events', { lastEventId: 'another-7', count: 1 });
    expect(JSON.parse(message?.data ?? '')).toEqual({ type: 'reset' });
  });
});
