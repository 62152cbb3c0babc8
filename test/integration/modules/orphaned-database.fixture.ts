/** A host with one database that is idle or busy for ever; it tells the pid of the database's process. */
import { startChild } from '#main/modules/database/start-child';

const entry = new URL('../../../src/main/modules/database/child/entry.ts', import.meta.url);
const child = startChild(entry);
const file = { file: ':memory:', readOnly: false, maxRows: 1, maxResultBytes: 1, busyTimeoutMs: 1 };
child.send({ kind: 'open', id: 1, ...file });
child.once('message', () => {
  const sql = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';
  if (process.argv[2] === 'busy') child.send({ kind: 'query', id: 2, sql, parameters: [] });
  process.send?.(child.pid);
});
