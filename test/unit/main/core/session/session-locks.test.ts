import { expect, it } from 'vitest';
import { SessionLocks } from '#core/session/session-locks';

it('gives a lock once and refuses a second try at once', () => {
  const locks = new SessionLocks();
  const release = locks.tryLock('a');
  expect(release).toBeDefined();
  expect(locks.tryLock('a')).toBeUndefined();
  expect(locks.tryLock('b')).toBeDefined();
  release?.();
  expect(locks.tryLock('a')).toBeDefined();
});

it('lets those who wait in one after the other', async () => {
  const locks = new SessionLocks();
  const order: string[] = [];
  const first = await locks.lock('a');
  const waiting = ['second', 'third'].map(async (name) => {
    const release = await locks.lock('a');
    order.push(`${name} in`);
    await Promise.resolve();
    order.push(`${name} out`);
    release();
  });
  order.push('first out');
  first();
  await Promise.all(waiting);
  expect(order).toEqual(['first out', 'second in', 'second out', 'third in', 'third out']);
});

it('ignores a release that comes twice', async () => {
  const locks = new SessionLocks();
  const first = await locks.lock('a');
  first();
  const second = await locks.lock('a');
  first();
  expect(locks.tryLock('a')).toBeUndefined();
  second();
});

it('refuses everybody once closed, and is closed when the last holder has let go', async () => {
  const locks = new SessionLocks();
  const release = await locks.lock('a');
  let isClosed = false;
  const closed = locks.close().then(() => {
    isClosed = true;
  });
  expect(() => locks.tryLock('b')).toThrow(expect.objectContaining({ code: 'HOST_STOPPING' }));
  await Promise.resolve();
  expect(isClosed).toBe(false);
  release();
  await closed;
});
