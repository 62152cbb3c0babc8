/** How many processes there may be: what is counted here are real ones, which do nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { DatabaseProcesses, maxProcesses } from '#main/modules/database/database-processes';
import { temporaryFolder } from '../../../../support/temp-dir.ts';

test('a host runs so many databases at once, whichever sessions they are of, and more when some are closed', async () => {
  const entry = join(temporaryFolder(), 'idle.cjs');
  writeFileSync(entry, `process.on('disconnect', () => process.exit())`);
  const processes = new DatabaseProcesses(pathToFileURL(entry));
  const started = Array.from({ length: maxProcesses }, () => processes.start());
  onTestFinished(async () => void (await Promise.all(started.map((one) => one.close()))));
  const full = expect.objectContaining({ fields: { code: 'EAGAIN' }, message: expect.stringContaining('try later') });
  expect(() => processes.start()).toThrow(full);
  await started.pop()?.close();
  started.push(processes.start());
  expect(() => processes.start()).toThrow(full);
});
