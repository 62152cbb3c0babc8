/**
 * Starts a process of ours that talks by messages. Plain Node and Electron both can; where a utility process of Electron
 * is to do this instead, this is the one place to change.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Nothing of the host's environment: what the process works on is all that it is told. */
const environment = process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot } : {};

export function startChild(entry: URL): ChildProcess {
  return fork(fileURLToPath(entry), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: environment,
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=256'],
  });
}
