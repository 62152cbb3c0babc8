import { expect, it, onTestFinished } from 'vitest';
import { SqliteExecutionStore } from '#main/store/execution-store';
import { closeDatabase, inMemory, openDatabase } from '#main/store/open-database';
import { SqliteSessionStore } from '#main/store/session-store';
import { sampleExecution, sampleId, sampleSessionRecord } from '../../../support/sample-records.ts';

it('refuses a list that would not fit into memory, and says how many do', async () => {
  const database = openDatabase(inMemory);
  onTestFinished(() => closeDatabase(database));
  await new SqliteSessionStore(database).insert(sampleSessionRecord());
  const executions = new SqliteExecutionStore(database);
  const { session_id: sessionId } = sampleExecution();
  for (let number = 0; number < 11; number += 1) {
    await executions.begin(sampleExecution({ id: sampleId(100 + number), args: 'x'.repeat(7_000_000) }), []);
  }
  await expect(executions.list(sessionId, 50)).rejects.toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
    message: expect.stringContaining('limit=9 works'),
  });
  expect(await executions.list(sessionId, 9)).toHaveLength(9);
});
