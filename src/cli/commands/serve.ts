/** `vm-system serve`: the one command that is a host instead of talking to one, and so the one that loads src/main. */
import { type Command, Option } from 'commander';
import type { Cli } from '../cli.ts';
import type { LogLevel } from '../global-options.ts';
import { examples } from '../options/examples.ts';
import { readCount } from '../options/read-count.ts';
import { readListenAddress } from '../options/read-listen-address.ts';
import { defaultCacheFolder } from './libs.ts';

const accessModes = ['compat', 'token'] as const;

export interface HostOptions {
  readonly listen: string;
  readonly databasePath: string;
  readonly access: (typeof accessModes)[number];
  readonly libraryCacheDirectory: string;
  readonly logLevel: LogLevel;
  readonly maxLive?: number;
}

/** Runs a host until it is told to stop; resolves to the exit code. */
export type Serve = (options: HostOptions) => Promise<number>;

interface ServeFlags {
  readonly listen: string;
  readonly access: HostOptions['access'];
  readonly cacheDir: string;
  readonly maxLive?: number;
}

export function addServeCommand(program: Command, cli: Cli, serve: Serve = serveHeadless): void {
  program
    .command('serve')
    .description('run a host without a window, until it gets SIGTERM or Ctrl-C')
    .option('--listen <address>', 'address and port to listen on', readListenAddress, '127.0.0.1:3210')
    .addOption(
      new Option('--access <mode>', 'who may call without a token: "compat" your own programs, "token" nobody')
        .choices(accessModes)
        .default('compat'),
    )
    .option('--cache-dir <dir>', 'folder of the library cache', defaultCacheFolder)
    .option('--max-live <n>', 'how many sessions may be live at once (default: 64)', readCount)
    .addHelpText('after', examples('serve', 'serve --listen 127.0.0.1:4000 --db notes.db --access token'))
    .action(async ({ listen, access, cacheDir, maxLive }: ServeFlags) => {
      const { db, logLevel } = cli.options;
      const limit = maxLive === undefined ? {} : { maxLive };
      const options = { listen, access, databasePath: db, libraryCacheDirectory: cacheDir, logLevel, ...limit };
      cli.exitCode = await serve(options);
    });
}

const serveHeadless: Serve = async (options) => {
  const { serve } = await import('../../main/headless.ts');
  return serve(options);
};
