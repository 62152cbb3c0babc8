import { expect, test } from 'vitest';
import { OutputJournal } from '#main/runtime/output-journal';
import type { GuestEvent } from '#shared/contract/event';

const event = (text: string): GuestEvent => ({
  type: 'console',
  ts: '2026-11-20T00:00:00.000Z',
  payload: { level: 'log', text },
});

const textsOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).payload.text);

/** The two ends of one journal, as worker and host hold them. */
function ends() {
  const host = new OutputJournal();
  return { host, worker: new OutputJournal(host.buffer) };
}

test('shows the host what the worker has not handed over', () => {
  const { host, worker } = ends();
  worker.append(event('one\nline'));
  worker.append(event('zwei: ä€😀'));
  expect(textsOf(host.unread(0))).toEqual(['one\nline', 'zwei: ä€😀']);
});

test('shows nothing twice when the worker dies between handing a batch over and forgetting it', () => {
  const { host, worker } = ends();
  worker.append(event('one'));
  worker.clear(1);
  worker.append(event('two'));
  worker.append(event('three'));
  expect([textsOf(host.unread(1)), textsOf(host.unread(3))]).toEqual([['two', 'three'], []]);
});

test('says when there is no room, and keeps what it has', () => {
  const { host, worker } = ends();
  const large = event('x'.repeat(200_000));
  expect([worker.append(large), worker.append(large), worker.append(large)]).toEqual([true, true, false]);
  expect(host.unread(0).length).toBe(2);
});

test('has no room for an event larger than itself, even when it is empty', () => {
  const { host, worker } = ends();
  expect([worker.append(event('x'.repeat(600_000))), host.unread(0)]).toEqual([false, []]);
});
