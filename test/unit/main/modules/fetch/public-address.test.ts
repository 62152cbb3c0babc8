import { describe, expect, test } from 'vitest';
import { isLoopbackAddress, isPublicAddress } from '#main/modules/fetch/public-address';

const special = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::7f00:1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '',
  'localhost',
  'example.org',
];

const open = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.0.1',
  '172.32.0.1',
  '192.167.1.1',
  '223.255.255.255',
  '2606:4700::1111',
  '2a00:1450::1',
  '2001:4860:4860::8888',
];

describe('an address', () => {
  test.each(special)('is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(open)('is public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each(['127.0.0.1', '127.9.9.9', '::1'])('is this machine: %s', (address) => {
    expect(isLoopbackAddress(address)).toBe(true);
  });

  test.each(['10.0.0.1', '::ffff:127.0.0.1', '0.0.0.0', '128.0.0.1'])('is not this machine: %s', (address) => {
    expect(isLoopbackAddress(address)).toBe(false);
  });
});
