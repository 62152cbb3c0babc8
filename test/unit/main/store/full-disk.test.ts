/** A disk that is full: the write is refused in clear words, nothing is lost, and it works again once there is room. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SqliteExecutionStore } from '#main/store/execution-store';
import { closeDatabase, inMemory, openDatabase } from '#main/store/open-database';
import { SqliteSessionStore } from '#main/store/session-store';
import { SqliteTemplateStore } from '#main/store/template-store';
import type { ExecutionEvent } from '#shared/contract/event';
import {
  allEvents,
  sampleEvents,
  sampleExecution,
  sampleId,
  sampleRevision,
  sampleSessionRecord,
  sampleTemplateDetail,
  sampleTime,
} from '../../../support/sample-records.ts';
import { mountSmallDisk, whyNoDisk } from './small-disk.ts';
import { storeRefusal } from './store-refusal.ts';

/** A place with little room, and a way to make more. */
interface Place {
  readonly database: Database;
  readonly makeRoom: () => void;
}

function limitedDatabase(): Place {
  const database = open(inMemory);
  database.pragma('max_page_count = 60');
  return { database, makeRoom: () => database.pragma('max_page_count = 1000000') };
}

function smallDisk(): Place {
  const { folder, remove } = mountSmallDisk();
  onTestFinished(remove);
  const others = join(folder, 'other-data');
  writeFileSync(others, Buffer.alloc(1024 * 1024));
  return { database: open(join(folder, 'vm.db')), makeRoom: () => rmSync(others) };
}

function open(path: string): Database {
  const database = openDatabase(path);
  onTestFinished(() => closeDatabase(database));
  return database;
}

function bigEvents(from: number): ExecutionEvent[] {
  const payload = { level: 'log', text: 'x'.repeat(4000) } as const;
  return sampleEvents(16, { from }).map((event) => ({ ...event, type: 'console', payload }));
}

const reason = whyNoDisk();
const places = [
  { where: 'a database that may not grow', place: limitedDatabase, skip: false },
  { where: `a full disk${reason ? ` (skipped, no disk to fill: ${reason})` : ''}`, place: smallDisk, skip: !!reason },
];

for (const { where, place, skip } of places) {
  describe.skipIf(skip)(where, () => {
    it('refuses the write, keeps what is stored, and goes on once there is room', async () => {
      const { database, makeRoom } = place();
      const executions = new SqliteExecutionStore(database);
      await new SqliteSessionStore(database).insert(sampleSessionRecord());
      await executions.begin(sampleExecution(), []);

      const { stored, error } = await appendUntilRefused(executions);
      expect(error).toEqual(storeRefusal('SQLITE_FULL', 'free some space'));
      expect(stored).toBeGreaterThan(0);
      expect(await executions.events(sampleId(3), 0, allEvents)).toHaveLength(stored);
      expect(await executions.find(sampleId(3))).toStrictEqual(sampleExecution());

      const template = sampleRevision(sampleTemplateDetail({ libraries: ['x'.repeat(100_000)] }));
      await expect(new SqliteTemplateStore(database).insert(template)).rejects.toEqual(storeRefusal('SQLITE_FULL'));
      expect(await new SqliteTemplateStore(database).list()).toEqual([]);

      makeRoom();
      const ended = sampleExecution({ status: 'ok', ended_at: sampleTime(1) });
      await executions.finish(ended, bigEvents(stored + 1));
      expect(await executions.events(sampleId(3), 0, allEvents)).toHaveLength(stored + 16);
      expect(await executions.find(sampleId(3))).toStrictEqual(ended);
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    });
  });
}

async function appendUntilRefused(executions: SqliteExecutionStore): Promise<{ stored: number; error: unknown }> {
  const enough = 2000;
  for (let stored = 0; stored < enough; stored += 16) {
    try {
      await executions.append(bigEvents(stored + 1));
    } catch (error) {
      return { stored, error };
    }
  }
  throw new Error(`The disk took ${enough} events and was never full.`);
}
