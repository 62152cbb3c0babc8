/** A folder of its own for one test, gone when the test is over. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Makes the folder; call it inside a test, before whatever keeps files open there. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'vm-system-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
