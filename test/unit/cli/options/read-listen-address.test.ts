import { expect, it } from 'vitest';
import { readListenAddress } from '#cli/options/read-listen-address';
import { parseListen } from '#main/config';

const accepted = ['127.0.0.1:4000', '[::1]:4000', 'localhost:0', ':80', '65535', ' 3210 '];
const refused = ['', 'localhost', 'localhost:', '127.0.0.1:65536', '::1:80', '1:2:3', 'http://127.0.0.1:80', '-1'];

it.for(accepted)('accepts "%s", as the host does', (text) => {
  expect(readListenAddress(text)).toBe(text);
  expect(() => parseListen(text)).not.toThrow();
});

it.for(refused)('refuses "%s", as the host does', (text) => {
  expect(() => readListenAddress(text)).toThrow('It must be HOST:PORT, such as 127.0.0.1:3210.');
  expect(() => parseListen(text)).toThrow('no address to listen on');
});
