/** What a host is started with: the options of its caller, filled up with what this machine's user gets by default. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { VmError } from '#core/vm-error';
import type { AppConfig } from '#main/app';
import type { LogLevel } from '#main/log';
import type { AccessMode } from '#main/rest/guard-policy';
import { dataDirectory, defaultPort, runDirectory } from '#shared/run-file';

export interface ServeOptions {
  /** `HOST:PORT`; on any other than a loopback address, the token is asked for whatever `access` says. */
  readonly listen?: string;
  readonly databasePath?: string;
  readonly access?: AccessMode;
  readonly libraryCacheDirectory?: string;
  readonly logLevel?: LogLevel;
  readonly maxLive?: number;
}

export function configOf(
  options: ServeOptions,
  fixed: Pick<AppConfig, 'version' | 'workerUrl' | 'databaseUrl'>,
): AppConfig {
  const data = dataDirectory(process.env, process.platform, homedir());
  const { host, port } = parseListen(options.listen ?? `127.0.0.1:${defaultPort}`);
  refuseWildcard(host);
  return {
    ...fixed,
    databasePath: resolve(options.databasePath ?? join(data, 'vm-system.db')),
    runDirectory: runDirectory(data, process.platform),
    libraryCacheDirectory: resolve(options.libraryCacheDirectory ?? join(data, 'libraries')),
    hosts: isLoopbackName(host) ? ['127.0.0.1', '::1'] : [host],
    port,
    // A port that other machines can reach is never served without the token.
    access: isLoopbackName(host) ? (options.access ?? 'compat') : 'token',
    ...(options.maxLive === undefined ? {} : { maxLive: options.maxLive }),
  };
}

/** Reads `HOST:PORT`, `[::1]:PORT`, `:PORT` or `PORT`. Throws VALIDATION_ERROR where it is none of these. */
export function parseListen(listen: string): { host: string; port: number } {
  const match = /^(?:(?<host>\[[^\]]+\]|[^:]*):)?(?<port>\d{1,5})$/.exec(listen.trim());
  const port = Number(match?.groups?.port);
  if (match === null || port > 65_535) {
    const message = `"${listen}" is no address to listen on. Write HOST:PORT, such as 127.0.0.1:${defaultPort}.`;
    throw new VmError('VALIDATION_ERROR', message, { details: { listen } });
  }
  const host = (match.groups?.host ?? '').replace(/^\[|\]$/g, '');
  return { host: host === '' ? '127.0.0.1' : host, port };
}

/** Before anything is opened: under such an address any Host header could be right, so checking it would protect nothing. */
function refuseWildcard(host: string): void {
  if (host !== '0.0.0.0' && host !== '::') return;
  const message = `"${host}" stands for every address of this machine. Name the one to listen on.`;
  throw new VmError('VALIDATION_ERROR', message, { details: { host } });
}

function isLoopbackName(host: string): boolean {
  return host === '127.0.0.1' || host === '::1' || host === 'localhost';
}
