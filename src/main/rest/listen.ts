/** Puts servers on addresses. It knows what a machine may lack; what the servers do is none of its business. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Log } from '#core/ports';
import { VmError } from '#core/vm-error';

export interface ListenOptions {
  readonly hosts: readonly string[];
  /** 0 takes any free port, the same for all addresses. */
  readonly port: number;
  readonly createServer: () => Server;
  readonly log: Log;
}

export interface Listening {
  readonly port: number;
  readonly addresses: readonly string[];
  readonly servers: readonly Server[];
}

/** Listens on every address that the machine has. Rejects with the system's error, `port` and `code` on it; none listens then. */
export async function listen({ hosts, port, createServer, log }: ListenOptions): Promise<Listening> {
  const bound: { server: Server; address: string; port: number }[] = [];
  try {
    for (const host of hosts) {
      const server = createServer();
      const taken = await bind(server, host, bound[0]?.port ?? port);
      if (taken === undefined) log.warn('this machine lacks an address to listen on', { address: host });
      else bound.push({ server, address: host, port: taken });
    }
  } catch (error) {
    for (const { server } of bound) server.close();
    throw error;
  }
  const [first] = bound;
  if (first === undefined)
    throw new VmError('VALIDATION_ERROR', `This machine has none of the addresses ${hosts.join(', ')}.`);
  return {
    port: first.port,
    addresses: bound.map(({ address }) => address),
    servers: bound.map(({ server }) => server),
  };
}

/** Resolves to the port, or to undefined where the machine has no such address. */
async function bind(server: Server, host: string, port: number): Promise<number | undefined> {
  try {
    // `exclusive`: nobody else may answer on our port, and a port that somebody holds is an error.
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    if (isMissingAddress(error)) return undefined;
    throw error;
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function isMissingAddress(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT');
}
