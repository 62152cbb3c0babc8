import { describe, expect, it } from 'vitest';
import { type Connection, ownerOfPeer } from '#main/rest/peer-uid';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const ours =
  '   0: 0100007F:0C8A 0100007F:A1B2 01 00000000:00000000 00:00000000 00000000     7        0 4710 1 0 20 4 30 10 -1\n';
const connection: Connection = {
  peer: { address: '127.0.0.1', port: 0xa1b2 },
  own: { address: '127.0.0.1', port: 0x0c8a },
};

const row = (ends: string, owner: string): string =>
  `   1: ${ends} 01 00000000:00000000 00:00000000 00000000  ${owner} 1 0\n`;

describe('the owner of a peer', () => {
  it('is read from the row of its own end, not from ours', () => {
    const table = head + ours + row('0100007F:A1B2 0100007F:0C8A', '1000        0 4711');
    expect(ownerOfPeer(table, connection)).toMatchObject({ uid: 1000 });
  });

  it('is read for IPv6', () => {
    const table = row('00000000000000000000000001000000:A1B2 00000000000000000000000001000000:0C8A', '1001 0 4711');
    expect(
      ownerOfPeer(table, { peer: { address: '::1', port: 0xa1b2 }, own: { address: '::1', port: 0x0c8a } }),
    ).toMatchObject({ uid: 1001 });
  });

  it('is read for an IPv4 connection that the peer holds by an IPv6 socket', () => {
    const table = row('0000000000000000FFFF00000100007F:A1B2 0000000000000000FFFF00000100007F:0C8A', '1002 0 4711');
    expect(ownerOfPeer(table, connection)).toMatchObject({ uid: 1002 });
  });

  it('is root only where root holds the end', () => {
    expect(ownerOfPeer(row('0100007F:A1B2 0100007F:0C8A', '0 0 4711'), connection)).toMatchObject({ uid: 0 });
  });

  it('is nobody where the end was closed and only its remains are listed, as uid 0', () => {
    expect(ownerOfPeer(row('0100007F:A1B2 0100007F:0C8A', '0 0 0'), connection)).toBeUndefined();
  });

  it('is nobody where only our own end is listed', () => {
    expect(ownerOfPeer(head + ours, connection)).toBeUndefined();
  });

  it('is nobody where a port merely begins alike', () => {
    expect(ownerOfPeer(row('0100007F:A1B2 0100007F:0C8AF', '1000 0 4711'), connection)).toBeUndefined();
  });
});
