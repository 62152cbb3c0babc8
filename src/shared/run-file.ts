/**
 * The run file: how a client on this machine finds a running host and its token. The host writes it, the CLI reads it.
 * It owns name, place and content of the file; reading and writing are up to each side, for shared code touches no disk.
 */
import * as z from 'zod';
import { timestampSchema } from './contract/primitive.ts';

/** The port of a host that was told none. */
export const defaultPort = 3210;

export const runFileSchema = z.object({
  port: z.int().min(1).max(65_535),
  pid: z.int().min(1),
  token: z.string().min(1),
  started: timestampSchema,
});
export type RunFile = z.infer<typeof runFileSchema>;

/** Names the run file of the host at a port. */
export function runFileName(port: number): string {
  return port === defaultPort ? 'rest.json' : `rest-${port}.json`;
}

/** The folder of the user's data: `$VM_SYSTEM_HOME`, else what the platform prescribes. */
export function dataDirectory(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  home: string,
): string {
  if (env.VM_SYSTEM_HOME) return env.VM_SYSTEM_HOME;
  if (platform === 'win32') return `${env.LOCALAPPDATA || `${home}\\AppData\\Local`}\\vm-system`;
  if (platform === 'darwin') return `${home}/Library/Application Support/vm-system`;
  return `${absoluteOr(env.XDG_DATA_HOME, `${home}/.local/share`)}/vm-system`;
}

/** The folder of the run files inside the data folder. */
export function runDirectory(data: string, platform: string): string {
  return `${data}${platform === 'win32' ? '\\' : '/'}run`;
}

/** The XDG specification has relative paths ignored. */
function absoluteOr(path: string | undefined, fallback: string): string {
  return path?.startsWith('/') ? path : fallback;
}
