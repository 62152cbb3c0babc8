/** What somebody else wrote into the database is never handed on as if it were ours. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { SqliteExecutionStore } from '#main/store/execution-store';
import { closeDatabase, inMemory, openDatabase } from '#main/store/open-database';
import { SqliteSessionStore } from '#main/store/session-store';
import { SqliteTemplateStore } from '#main/store/template-store';
import {
  allEvents,
  sampleCapability,
  sampleEvents,
  sampleExecution,
  sampleId,
  sampleRevision,
  sampleSessionRecord,
  sampleStartupFile,
  sampleTemplateDetail,
} from '../../../support/sample-records.ts';

async function filledStores() {
  const database = openDatabase(inMemory);
  onTestFinished(() => closeDatabase(database));
  const templates = new SqliteTemplateStore(database);
  const sessions = new SqliteSessionStore(database);
  const executions = new SqliteExecutionStore(database);
  const parts = { capabilities: [sampleCapability()], startup_files: [sampleStartupFile()] };
  await templates.insert(sampleRevision(sampleTemplateDetail(parts)));
  await sessions.insert(sampleSessionRecord());
  await executions.begin(sampleExecution(), sampleEvents(2));
  return { database, templates, sessions, executions };
}

type Stores = Awaited<ReturnType<typeof filledStores>>;
const find = { template: ({ templates }: Stores) => templates.find(sampleId(1)) };

describe('a row that cannot be read', () => {
  it.each<{ damage: string; names: string; read: (stores: Stores) => Promise<unknown> }>([
    { damage: "template SET libraries = 'lodash'", names: `${sampleId(1)} of table template `, read: find.template },
    {
      damage: "template SET created_at = 'yesterday'",
      names: `${sampleId(1)} of table template `,
      read: ({ templates }) => templates.list(),
    },
    {
      damage: `template_settings SET limits = '{"cpu_ms":0}'`,
      names: `${sampleId(1)} of table template_settings`,
      read: find.template,
    },
    {
      damage: "template_capability SET config = '{'",
      names: `${sampleId(11)} of table template_capability`,
      read: find.template,
    },
    {
      damage: "template_startup_file SET id = '7'",
      names: '7 of table template_startup_file',
      read: find.template,
    },
    {
      damage: "template_version SET detail = '{}'",
      names: `${sampleId(1)}/1 of table template_version`,
      read: ({ templates }) => templates.version(sampleId(1), 1),
    },
    {
      damage: "session SET policy = '{}'",
      names: `${sampleId(2)} of table session`,
      read: ({ sessions }) => sessions.find(sampleId(2)),
    },
    {
      damage: "session SET runtime_meta = '[]'",
      names: `${sampleId(2)} of table session`,
      read: ({ sessions }) => sessions.list(),
    },
    {
      damage: "execution SET metrics = '{}'",
      names: `${sampleId(3)} of table execution`,
      read: ({ executions }) => executions.list(sampleId(2), 50),
    },
    {
      damage: "execution_event SET payload = '' WHERE seq = 2",
      names: `${sampleId(3)}/2 of table execution_event`,
      read: ({ executions }) => executions.events(sampleId(3), 0, allEvents),
    },
  ])('is an error that names table and id: $damage', async ({ damage, names, read }) => {
    const stores = await filledStores();
    stores.database.exec(`UPDATE ${damage}`);
    await expect(read(stores)).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining(names) });
  });

  it('is an error for a template without its settings', async () => {
    const stores = await filledStores();
    stores.database.exec('DELETE FROM template_settings');
    await expect(find.template(stores)).rejects.toThrow(`${sampleId(1)} of table template_settings`);
  });
});
