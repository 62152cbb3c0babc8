/** Says why a host could not start, in one sentence for the person who started it, and by which code to exit. */
import { randomBytes } from 'node:crypto';
import { isVmError } from '#core/vm-error';
import { errorTable, exitCodes } from '#shared/contract/error';
import { helloSchema } from '#shared/contract/host';
import { apiPrefix } from '#shared/contract/router';

export interface StartFailure {
  readonly message: string;
  readonly exitCode: number;
}

export async function startFailure(error: unknown): Promise<StartFailure> {
  if (isVmError(error)) return { message: `${error.message} (${error.code})`, exitCode: errorTable[error.code].exit };
  return { message: await describe(error), exitCode: exitCodes.failure };
}

async function describe(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  const port = 'port' in error ? Number(error.port) : undefined;
  if ('code' in error && error.code === 'EADDRINUSE' && port !== undefined) return portTaken(port);
  if ('code' in error && error.code === 'EACCES' && port !== undefined) {
    return `This user may not listen on port ${port}. Choose a port above 1023, for example: vm-system serve --listen 127.0.0.1:3210`;
  }
  return error.stack ?? error.message;
}

async function portTaken(port: number): Promise<string> {
  const pid = await hostPid(port);
  const holder = pid === undefined ? 'another program' : `a vm-system host with pid ${pid}`;
  const remedy =
    pid === undefined
      ? `Choose another port, for example: vm-system serve --listen 127.0.0.1:${port + 1}`
      : `Use it at http://127.0.0.1:${port}, or stop it with: kill ${pid}`;
  return `Port ${port} is taken by ${holder}. ${remedy}`;
}

/** Asks who listens there; anything but our own answer means that it is not ours. */
async function hostPid(port: number): Promise<number | undefined> {
  const nonce = randomBytes(32).toString('hex');
  try {
    const response = await fetch(`http://127.0.0.1:${port}${apiPrefix}/hello?nonce=${nonce}`, {
      signal: AbortSignal.timeout(1000),
      redirect: 'error',
    });
    return helloSchema.parse(await response.json()).pid;
  } catch {
    return undefined;
  }
}
