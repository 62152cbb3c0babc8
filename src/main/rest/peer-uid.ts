/**
 * Tells which user holds the other end of a loopback connection. Node cannot ask the kernel for it, but on Linux the
 * tables in /proc/net list every end with its owner. It answers for loopback alone, and never guesses: see `gone`.
 */
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { endianness } from 'node:os';
import type { PeerUid } from '#main/rest/request-head';

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The two ends of a connection as our side sees it. */
export interface Connection {
  readonly peer: Endpoint;
  readonly own: Endpoint;
}

/** Tells whether a socket, by its inode, is held by a command that a guest has started. */
export type IsOfGuest = (inode: string) => Promise<boolean>;

export async function findPeerUid(socket: Socket, isOfGuest: IsOfGuest = async () => false): Promise<PeerUid> {
  const connection = endpoints(socket);
  if (connection === undefined) return 'gone';
  try {
    const owner = await findOwner(connection);
    if (owner === undefined) return 'gone';
    if (await isOfGuest(owner.inode)) return 'guest';
    // A command that sends its request and dies would be sought among the living in vain.
    return (await findOwner(connection))?.inode === owner.inode ? owner.uid : 'gone';
  } catch {
    return 'unknown';
  }
}

async function findOwner(connection: Connection): Promise<SocketOwner | undefined> {
  const table = await readFile('/proc/net/tcp', 'latin1');
  return ownerOfPeer(table, connection) ?? ownerOfPeer(await readTable6(), connection);
}

/** Who holds a socket. */
export interface SocketOwner {
  readonly uid: number;
  readonly inode: string;
}

/** Finds the peer's row in a table of /proc/net and reads its owner. */
export function ownerOfPeer(table: string, { peer, own }: Connection): SocketOwner | undefined {
  for (const encode of [address4, address6]) {
    const key = `${encode(peer)} ${encode(own)} `;
    const start = table.indexOf(key);
    if (start >= 0) return ownerInRow(table.slice(start + key.length).split('\n', 1)[0] ?? '');
  }
  return undefined;
}

/**
 * An end that its process has closed stays in the table for a while as uid 0 without an inode. Taking that for root
 * would let anyone in who sends a request to a host of root's and hangs up at once.
 */
function ownerInRow(row: string): SocketOwner | undefined {
  const [_state, _queues, _timer, _retransmits, uid, _timeout, inode] = row.trim().split(/\s+/);
  return uid === undefined || inode === undefined || inode === '0' ? undefined : { uid: Number(uid), inode };
}

function endpoints({ remoteAddress, remotePort, localAddress, localPort }: Socket): Connection | undefined {
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  if (localAddress === undefined || localPort === undefined) return undefined;
  return { peer: { address: remoteAddress, port: remotePort }, own: { address: localAddress, port: localPort } };
}

/** Missing where the kernel runs without IPv6. */
function readTable6(): Promise<string> {
  return readFile('/proc/net/tcp6', 'latin1').catch(() => '');
}

function address4({ address, port }: Endpoint): string {
  return `${words(bytes4(address))}:${hex(port, 4)}`;
}

/** A client may hold an IPv4 connection by an IPv6 socket; its row is then in the table of IPv6. */
function address6({ address, port }: Endpoint): string {
  const bytes = address === '::1' ? [...zeros(15), 1] : [...zeros(10), 255, 255, ...bytes4(address)];
  return `${words(bytes)}:${hex(port, 4)}`;
}

function bytes4(address: string): number[] {
  return address
    .replace(/^::ffff:/i, '')
    .split('.')
    .map(Number);
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}

/** The kernel prints an address word by word, each in the byte order of the machine. */
function words(bytes: readonly number[]): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 4) {
    const word = bytes.slice(start, start + 4).map((byte) => hex(byte, 2));
    text += (endianness() === 'LE' ? word.reverse() : word).join('');
  }
  return text;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
