/**
 * Finds the token of a local host in its run file, and hands it out only after the host has proven that it holds the
 * same one: whoever else listens on the port must never be shown it.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDirectory, runDirectory, runFileName, runFileSchema } from '#shared/run-file';
import { CliError } from './cli-error.ts';
import type { CliProcess } from './cli-process.ts';
import type { HostClient } from './client.ts';

export interface TokenSearch {
  readonly serverUrl: string;
  readonly process: CliProcess;
  /** A client that sends no token. */
  readonly client: HostClient;
}

/** Resolves to undefined where no run file names a token; rejects with HOST_NOT_PROVEN. */
export async function findToken({ serverUrl, process, client }: TokenSearch): Promise<string | undefined> {
  const path = runFilePath(serverUrl, process);
  const token = path === undefined ? undefined : await readToken(path);
  if (token === undefined) return undefined;
  if (await holdsToken(client, token)) return token;
  throw new CliError(
    'HOST_NOT_PROVEN',
    `What listens at ${serverUrl} asks for a token, but could not prove that it holds the one in ${path}. ` +
      'The token was not sent. Another program may have taken the port.',
  );
}

/** Where the host at this address keeps its run file; undefined for a host on another machine. */
function runFilePath(serverUrl: string, process: CliProcess): string | undefined {
  const url = new URL(serverUrl);
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) return undefined;
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const data = dataDirectory(process.env, process.platform, process.homeFolder);
  return join(runDirectory(data, process.platform), runFileName(port));
}

async function readToken(path: string): Promise<string | undefined> {
  try {
    return runFileSchema.parse(JSON.parse(await readFile(path, 'utf8'))).token;
  } catch {
    return undefined;
  }
}

async function holdsToken(client: HostClient, token: string): Promise<boolean> {
  const nonce = randomBytes(32).toString('hex');
  const expected = createHmac('sha256', token).update(nonce).digest();
  try {
    const proof = Buffer.from((await client.host.hello({ nonce })).proof, 'hex');
    return proof.length === expected.length && timingSafeEqual(proof, expected);
  } catch {
    return false;
  }
}
