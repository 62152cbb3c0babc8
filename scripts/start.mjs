// "npm start": builds if needed, then runs the app in Electron where its binary and a display are there, else headless.
// "npm start -- --listen 127.0.0.1:4000" takes another port; "npm start -- --help" lists the options.
import './check-node.mjs';
import { spawn } from 'node:child_process';
import { buildIfNeeded } from './build-if-needed.mjs';
import { findElectron } from './find-electron.mjs';
import { startOptions } from './start-options.mjs';

const options = startOptions();
buildIfNeeded();
const electron = findElectron();
if (electron.binary !== undefined) {
  const child = spawn(electron.binary, ['.', ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  console.log(`Running headless: ${electron.reason}.`);
  const { serve } = await import('../out/main/headless.js');
  process.exitCode = await serve(options);
}
