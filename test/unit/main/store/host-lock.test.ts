import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DatabaseLock, holdDatabase } from '#main/store/host-lock';
import { inMemory } from '#main/store/open-database';
import { temporaryFolder } from '../../../support/temp-dir.ts';
import { storeRefusal } from './store-refusal.ts';

const address = 'http://127.0.0.1:3210';
const here = { pid: process.pid };

function hold(path: string): DatabaseLock {
  const lock = holdDatabase(path, here);
  onTestFinished(() => lock.release());
  return lock;
}

/** Another process that holds the database, once it says so. */
async function otherHost(path: string): Promise<ChildProcess & { pid: number }> {
  const program = join(import.meta.dirname, 'hold-database.fixture.ts');
  const child = spawn(process.execPath, [program, path, address], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (String(said) !== 'held\n' || child.pid === undefined) throw new Error(`The other host did not hold: ${said}`);
  return Object.assign(child, { pid: child.pid });
}

describe('holdDatabase, between two processes', () => {
  it('refuses the second host with the pid and address of the first', async () => {
    const path = join(temporaryFolder(), 'vm.db');
    const { pid } = await otherHost(path);
    expect(() => hold(path)).toThrow(storeRefusal(path, 'another vm-system host', `pid ${pid}`, address));
    expect(() => hold(path)).toThrow(expect.objectContaining({ details: { database: path, pid, address } }));
  });

  it('lets the next host in after kill -9, whatever the card of the dead one says', async () => {
    const path = join(temporaryFolder(), 'vm.db');
    const dead = await otherHost(path);
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    expect(readFileSync(`${path}.owner.json`, 'utf8')).toContain(`${dead.pid}`);
    hold(path);
    expect(JSON.parse(readFileSync(`${path}.owner.json`, 'utf8'))).toEqual(here);
  });

  it('lets the next host in after a clean end', async () => {
    const path = join(temporaryFolder(), 'vm.db');
    const first = await otherHost(path);
    first.stdin?.end();
    expect(await once(first, 'exit')).toEqual([0, null]);
    expect(existsSync(`${path}.owner.json`)).toBe(false);
    hold(path);
  });
});

describe('holdDatabase', () => {
  it('refuses a second host that has no address to name yet', () => {
    const path = join(temporaryFolder(), 'vm.db');
    hold(path);
    expect(() => hold(path)).toThrow(storeRefusal(`pid ${process.pid}`, 'not listening yet'));
  });

  it('refuses without a name where the card of the holder cannot be read', () => {
    const path = join(temporaryFolder(), 'vm.db');
    hold(path);
    writeFileSync(`${path}.owner.json`, 'scribble');
    expect(() => hold(path)).toThrow(storeRefusal('another vm-system host', 'not said which'));
  });

  it('knows the database by every name it has', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'vm.db');
    hold(path).announce(address);
    symlinkSync(path, join(folder, 'link.db'));
    expect(() => hold(join(folder, 'link.db'))).toThrow(storeRefusal(path, address));
  });

  it('may be released twice, and does not take the card of a successor', () => {
    const path = join(temporaryFolder(), 'vm.db');
    const first = hold(path);
    first.release();
    hold(path).announce(address);
    first.release();
    expect(JSON.parse(readFileSync(`${path}.owner.json`, 'utf8'))).toEqual({ ...here, address });
    expect(() => hold(path)).toThrow(storeRefusal(address));
  });

  it('holds two databases at once', () => {
    const folder = temporaryFolder();
    hold(join(folder, 'a.db'));
    hold(join(folder, 'b.db'));
  });

  it('keeps lock and card to the user', () => {
    const path = join(temporaryFolder(), 'vm.db');
    hold(path);
    const permissions = [`${path}.lock`, `${path}.owner.json`].map((file) => statSync(file).mode & 0o777);
    expect(permissions).toEqual([0o600, 0o600]);
  });

  it('lets go where it cannot write its card', () => {
    const path = join(temporaryFolder(), 'vm.db');
    mkdirSync(`${path}.owner.json`);
    expect(() => hold(path)).toThrow(storeRefusal(`${path}.owner.json`));
    expect(() => hold(path)).toThrow(storeRefusal(`${path}.owner.json`));
  });

  it('needs no lock for a database in memory', () => {
    hold(inMemory).announce(address);
    hold(inMemory);
    expect(existsSync(`${inMemory}.lock`)).toBe(false);
  });
});
