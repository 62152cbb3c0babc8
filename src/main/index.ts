/**
 * Electron entry: the same app as the headless one, and a window. `--headless` leaves the window out.
 * One instance owns the database; a second start brings the first one's window to the front.
 */
import { join } from 'node:path';
import { app as electron } from 'electron';
import { startApp } from '#main/app';
import { configOf } from '#main/config';
import { entriesBeside, serve } from '#main/headless';
import { createLog } from '#main/log';
import { openMainWindow } from '#main/shell/main-window';
import { startFailure } from '#main/start-failure';

async function runWithWindow(): Promise<number> {
  if (!electron.requestSingleInstanceLock()) return 0;
  const ending = ended();
  const fixed = { version: electron.getVersion(), ...entriesBeside(import.meta.url) };
  const app = await startApp(configOf({}, fixed), createLog('info'));
  try {
    await electron.whenReady();
    const window = await openMainWindow(join(import.meta.dirname, '../renderer'), app.address);
    electron.on('second-instance', () => window.focus());
    await ending;
  } finally {
    await app.close();
  }
  return 0;
}

/** Resolves when the window is closed or the user quits; quitting then waits until the host has stored everything. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    electron.once('window-all-closed', resolve);
    electron.once('before-quit', (event) => {
      event.preventDefault();
      resolve();
    });
  });
}

async function run(): Promise<number> {
  try {
    return process.argv.includes('--headless') ? await serve() : await runWithWindow();
  } catch (error) {
    const { message, exitCode } = await startFailure(error);
    process.stderr.write(`Error: ${message}\n`);
    return exitCode;
  }
}

void run().then((code) => electron.exit(code));
