/** The flags that every command takes, before or after its own words. */
import { type Command, Option } from 'commander';
import { CliError } from './cli-error.ts';

const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface GlobalOptions {
  readonly db: string;
  readonly serverUrl?: string;
  readonly logLevel: LogLevel;
  readonly json?: true;
  readonly quiet?: true;
  /** False after `--no-color`. */
  readonly color: boolean;
}

const defaultServerUrl = 'http://127.0.0.1:3210';

export function addGlobalOptions(program: Command): void {
  program
    .option('--db <path>', 'database file, only for "serve"', 'vm-system.db')
    .option('--server-url <url>', `address of the host (default: $VM_SYSTEM_URL, or "${defaultServerUrl}")`)
    .addOption(new Option('--log-level <level>', 'how much to log').choices(logLevels).default('info'))
    .option('--json', 'print raw objects instead of lines')
    .option('--quiet', 'print only the id of what was made, or the value of what was run; the rest goes to stderr')
    .option('--no-color', 'print without colour; so does the variable NO_COLOR');
}

/** `localhost:3210`, which a URL parser takes for a scheme. */
function isHostAndPort(text: string): boolean {
  return /^(\[[^\]]+\]|[^:/?#@]+):\d+\/?$/.test(text);
}

/** The address to call, without a slash at its end, so that paths can follow it. */
export function serverUrlOf({ serverUrl }: GlobalOptions, env: Readonly<Record<string, string | undefined>>): string {
  const text = serverUrl ?? (env.VM_SYSTEM_URL || defaultServerUrl);
  const url = URL.parse(isHostAndPort(text) ? `http://${text}` : text);
  if (url !== null && ['http:', 'https:'].includes(url.protocol)) {
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  }
  const source = serverUrl === undefined ? 'VM_SYSTEM_URL' : '--server-url';
  throw new CliError('USAGE', `${source} is "${text}", which is no address such as ${defaultServerUrl}.`);
}
