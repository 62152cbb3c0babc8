/**
 * Entry of the CLI: arguments in, exit code out. The process ends by itself once everything is written; only a reader
 * that went away (`vm-system … | head -1`) ends it at once, because nobody is left to write for.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '#shared/contract/error';
import { runCli } from './run-cli.ts';

for (const sink of [process.stdout, process.stderr]) {
  sink.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.system);
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  platform: process.platform,
  homeFolder: homedir(),
  workingFolder: process.cwd(),
  // The same two steps up from src/cli and from out/main.
  rootFolder: join(import.meta.dirname, '..', '..'),
  onInterrupt: (listener) => {
    process.once('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
});
