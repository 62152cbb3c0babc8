import { SqliteExecutionStore } from '#main/store/execution-store';
import { SqliteSessionStore } from '#main/store/session-store';
import { MemoryExecutionStore } from '../../support/memory-stores.ts';
import { sampleSessionRecord } from '../../support/sample-records.ts';
import { databaseInMemory } from './database-in-memory.ts';
import { describeExecutionStore, sessionIds } from './execution-store.suite.ts';

describeExecutionStore('in memory', async () => new MemoryExecutionStore());
describeExecutionStore('in SQLite', async () => {
  const database = databaseInMemory();
  const sessions = new SqliteSessionStore(database);
  for (const id of sessionIds) await sessions.insert(sampleSessionRecord({ id }));
  return new SqliteExecutionStore(database);
});
