import { describe, expect, it } from 'vitest';
import { configOf, parseListen } from '#main/config';

const fixed = { version: 'test', workerUrl: new URL('file:///worker.js'), databaseUrl: new URL('file:///database.js') };

describe('the address to listen on', () => {
  it.each([
    ['127.0.0.1:3210', { host: '127.0.0.1', port: 3210 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:4000', { host: '::1', port: 4000 }],
    [':4000', { host: '127.0.0.1', port: 4000 }],
    ['4000', { host: '127.0.0.1', port: 4000 }],
    ['192.168.0.7:65535', { host: '192.168.0.7', port: 65_535 }],
  ])('%s is understood', (listen, expected) => {
    expect(parseListen(listen)).toEqual(expected);
  });

  it.each(['', 'here', '127.0.0.1', '127.0.0.1:', '127.0.0.1:65536', '127.0.0.1:80a', '::1:4000', '-1'])(
    '%j is refused with an example',
    (listen) => {
      expect(() => parseListen(listen)).toThrow(/HOST:PORT/);
    },
  );
});

describe('the configuration of a host', () => {
  it('takes both loopback addresses for any name of this machine', () => {
    for (const listen of ['127.0.0.1:1', 'localhost:1', '[::1]:1']) {
      expect(configOf({ listen }, fixed).hosts).toEqual(['127.0.0.1', '::1']);
    }
  });

  it('forces the token on any other address, whatever was asked for', () => {
    expect(configOf({ listen: '192.168.0.7:1', access: 'compat' }, fixed)).toMatchObject({
      hosts: ['192.168.0.7'],
      access: 'token',
    });
  });

  it('lets programs of the same user in without a token where nothing else is said', () => {
    expect(configOf({}, fixed)).toMatchObject({ port: 3210, access: 'compat' });
  });
});
