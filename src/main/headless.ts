/** Plain Node entry: the same app as in Electron, without a window. Imported by "npm start" and by `vm-system serve`. */
import { readFileSync } from 'node:fs';
import { type AppConfig, startApp } from '#main/app';
import { configOf, type ServeOptions } from '#main/config';
import { createLog } from '#main/log';
import { startFailure } from '#main/start-failure';

/** Serves until SIGTERM, SIGINT or SIGHUP; resolves to the exit code. */
export async function serve(options: ServeOptions = {}): Promise<number> {
  outliveReaders();
  const log = createLog(options.logLevel ?? 'info');
  try {
    const config = configOf(options, { version: versionOfPackage(), ...entriesBeside(import.meta.url) });
    const stopping = stopSignal();
    const app = await startApp(config, log);
    process.stdout.write(
      `vm-system is listening on ${app.address} (pid ${process.pid}, database ${config.databasePath}). Stop it with Ctrl-C.\n`,
    );
    const signal = await stopping;
    process.stdout.write(`Stopping on ${signal}: running executions end as cancelled.\n`);
    await app.close();
    return 0;
  } catch (error) {
    const { message, exitCode } = await startFailure(error);
    process.stderr.write(`Error: ${message}\n`);
    return exitCode;
  }
}

/** A command ends when nobody reads what it prints any more (`… | head -1`). A host goes on: it serves others too. */
function outliveReaders(): void {
  for (const sink of [process.stdout, process.stderr]) {
    sink.removeAllListeners('error');
    sink.on('error', () => undefined);
  }
}

/** The build lays what threads and processes start with beside its entries; from source it runs by type stripping. */
export function entriesBeside(entryUrl: string): Pick<AppConfig, 'workerUrl' | 'databaseUrl'> {
  const beside = (source: string, built: string) => new URL(entryUrl.endsWith('.ts') ? source : built, entryUrl);
  return {
    workerUrl: beside('./runtime/worker/entry.ts', './worker.js'),
    databaseUrl: beside('./modules/database/child/entry.ts', './database.js'),
  };
}

function versionOfPackage(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

/** A second signal ends the process at once, for somebody who does not want to wait. */
function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      resolve(signal);
    });
  }
  return promise;
}
