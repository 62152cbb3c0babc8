import { expect, it } from 'vitest';
import { EventBus } from '#core/event-bus';
import { HostEvents, type NumberedHostEvent } from '#core/host/host-events';
import { sampleId } from '../../../../support/sample-records.ts';
import { SilentLog } from '../../../../support/silent-log.ts';

function hostEvents(runId = 'run') {
  const bus = new EventBus(new SilentLog());
  const events = new HostEvents(bus, runId);
  const tell = (number: number) => bus.publish({ type: 'template_deleted', template_id: sampleId(number) });
  return { events, tell, bus };
}

async function take(iterator: AsyncIterator<NumberedHostEvent>, count: number): Promise<NumberedHostEvent[]> {
  const taken: NumberedHostEvent[] = [];
  while (taken.length < count) {
    const next = await iterator.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

it('gives a new reader what happens from now on', async () => {
  const { events, tell } = hostEvents();
  tell(1);
  const reader = events.follow(undefined);
  tell(2);
  expect(await take(reader, 1)).toEqual([
    { id: 'run-2', event: { type: 'template_deleted', template_id: sampleId(2) } },
  ]);
});

it('loses nothing between replay and live for a reader that comes back', async () => {
  const { events, tell } = hostEvents();
  for (const number of [1, 2, 3]) tell(number);
  const reader = events.follow('run-1');
  tell(4);
  expect((await take(reader, 3)).map(({ id }) => id)).toEqual(['run-2', 'run-3', 'run-4']);
});

it('tells a reader to load everything anew when it comes too late or from another run', async () => {
  const { events, tell } = hostEvents();
  for (let number = 0; number < 1001; number += 1) tell(number);
  for (const lastId of ['run-0', 'earlier-5', 'nonsense']) {
    expect(await take(events.follow(lastId), 1)).toEqual([{ id: 'run-1001', event: { type: 'reset' } }]);
  }
});

it('ends the iteration of a reader that falls behind, and of all readers on close', async () => {
  const { events, tell } = hostEvents();
  const slow = events.follow(undefined);
  const other = events.follow(undefined);
  for (let number = 0; number < 2500; number += 1) tell(number);
  const taken = await take(slow, 10_000);
  expect(taken.length).toBeLessThan(2500);
  events.close();
  expect((await take(other, 10_000)).length).toBeLessThan(2500);
});

it('keeps the event streams of executions out: those have a stream of their own', async () => {
  const { events, tell, bus } = hostEvents();
  const reader = events.follow(undefined);
  bus.publish({ type: 'events_appended', execution_id: sampleId(9) });
  tell(1);
  expect((await take(reader, 1))[0]?.event.type).toBe('template_deleted');
});

it('goes on telling the others when one listener throws', () => {
  const log = new SilentLog();
  const bus = new EventBus(log);
  const heard: string[] = [];
  bus.subscribe(() => {
    throw new Error('bad listener');
  });
  const unsubscribe = bus.subscribe((event) => heard.push(event.type));
  bus.publish({ type: 'template_deleted', template_id: sampleId(1) });
  unsubscribe();
  bus.publish({ type: 'template_deleted', template_id: sampleId(2) });
  expect(heard).toEqual(['template_deleted']);
  expect(log.entries.map(({ message }) => message)).toEqual(['an event listener failed', 'an event listener failed']);
});
