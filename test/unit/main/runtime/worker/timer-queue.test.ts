import { expect, test } from 'vitest';
import { TimerQueue } from '#main/runtime/worker/timer-queue';

const timer = (id: number, dueMs: number, repeats = false) => ({ id, dueMs, repeats, delayMs: 10 });

function queueOf(...timers: ReturnType<typeof timer>[]): TimerQueue {
  const queue = new TimerQueue();
  for (const one of timers) queue.arm(one);
  return queue;
}

test('gives timers out by their moment, and those of one moment in the order they were armed', () => {
  const queue = queueOf(timer(1, 30), timer(2, 10), timer(3, 20), timer(4, 10));
  expect([1, 2, 3, 4].map(() => queue.takeDue(100)?.id)).toEqual([2, 4, 3, 1]);
});

test('gives nothing out before it is due', () => {
  const queue = queueOf(timer(1, 30));
  expect([queue.takeDue(29), queue.next?.id]).toEqual([undefined, 1]);
});

test('arms an interval again, counted from now', () => {
  const queue = queueOf(timer(1, 30, true));
  queue.takeDue(45);
  expect(queue.next).toEqual({ id: 1, dueMs: 55, repeats: true, delayMs: 10 });
});

test('counts the timers that fire once', () => {
  const queue = queueOf(timer(1, 1), timer(2, 2), timer(3, 3, true));
  queue.takeDue(1);
  queue.disarm(2);
  queue.disarm(99);
  expect(queue.oneShots).toBe(0);
});

test('drops the timers that fire once and keeps the intervals, or drops all', () => {
  const queue = queueOf(timer(1, 1), timer(2, 2, true));
  queue.drop('one-shots');
  const kept = queue.next?.id;
  queue.drop('all');
  expect([kept, queue.next, queue.oneShots]).toEqual([2, undefined, 0]);
});

test('refuses more timers than the worker can hold', () => {
  const queue = new TimerQueue();
  for (let id = 0; id < 100_000; id += 1) queue.arm(timer(id, id));
  expect(() => queue.arm(timer(100_000, 0))).toThrow('More than 100000 timers');
});
