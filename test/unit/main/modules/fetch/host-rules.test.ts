import { describe, expect, test } from 'vitest';
import { destinationOf, HostRules } from '#main/modules/fetch/host-rules';
import { netConfigSchema } from '#shared/contract/capability-config';

const rulesOf = (...hosts: string[]) =>
  new HostRules([{ name: 'web', config: { ...netConfigSchema.parse({}), hosts } }]);
const allows = (hosts: string[], url: string) => rulesOf(...hosts).grantFor(destinationOf(new URL(url))) !== undefined;
const reaches = (hosts: string[], url: string, address: string) =>
  rulesOf(...hosts).allowsAddress(address, destinationOf(new URL(url)));

describe('a host', () => {
  test.each([
    ['example.org', 'https://example.org/x'],
    ['example.org', 'http://EXAMPLE.org:80'],
    ['Example.ORG', 'https://example.org'],
    ['example.org:8443', 'https://example.org:8443'],
    ['*.example.org', 'https://a.b.example.org'],
    ['*.example.org:99', 'http://a.example.org:99'],
    ['bücher.example', 'https://xn--bcher-kva.example'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['127.0.0.1:8080', 'http://2130706433:8080'],
    ['127.0.0.1:8080', 'http://0x7f.0.0.1:8080'],
    ['0177.0.0.1', 'http://127.0.0.1'],
    ['[::1]:8080', 'http://[0:0:0:0:0:0:0:1]:8080'],
    ['::1', 'http://[::1]'],
    ['*', 'https://anything.example'],
    ['*:8080', 'http://anything.example:8080'],
  ])('is allowed by %s: %s', (pattern, url) => {
    expect(allows([pattern], url)).toBe(true);
  });

  test.each([
    ['example.org', 'https://evil-example.org'],
    ['example.org', 'https://example.org.evil.com'],
    ['example.org', 'https://a.example.org'],
    ['example.org', 'https://example.org:8443'],
    ['example.org', 'https://example.org.'],
    ['example.org', 'https://example.org@evil.com'],
    ['example.org', 'https://evil.com/example.org'],
    ['example.org', 'https://evil.com?example.org'],
    ['example.org:443', 'http://example.org'],
    ['*.example.org', 'https://example.org'],
    ['*.example.org', 'https://evilexample.org'],
    ['*', 'https://anything.example:8443'],
    ['https://example.org', 'https://example.org'],
    ['example.org/x', 'https://example.org'],
    ['user@example.org', 'https://example.org'],
    ['ex*.org', 'https://example.org'],
    ['*example.org', 'https://example.org'],
    ['example.org:99999', 'https://example.org'],
  ])('is not allowed by %s: %s', (pattern, url) => {
    expect(allows([pattern], url)).toBe(false);
  });
});

describe('an address', () => {
  test('that is public is reached by whatever name is allowed', () => {
    expect(reaches(['example.org'], 'https://example.org', '1.1.1.1')).toBe(true);
  });

  test.each(['127.0.0.1', '10.1.1.1', '::1', 'fd00::1', '169.254.169.254'])(
    'that is not public is reached by no name alone: %s',
    (address) => {
      expect(reaches(['example.org', '*'], 'https://example.org', address)).toBe(false);
    },
  );

  test('that is not public is reached where it is named beside the name, at that port', () => {
    const hosts = ['intranet.example:8080', '10.1.1.1:8080'];
    expect(reaches(hosts, 'http://intranet.example:8080', '10.1.1.1')).toBe(true);
    expect(reaches(hosts, 'http://intranet.example', '10.1.1.1')).toBe(false);
    expect(reaches(hosts, 'http://intranet.example:8080', '10.1.1.2')).toBe(false);
  });

  test('of this machine is reached by the name localhost, and no other private one is', () => {
    expect(reaches(['localhost'], 'http://localhost', '127.0.0.1')).toBe(true);
    expect(reaches(['localhost'], 'http://localhost', '::1')).toBe(true);
    expect(reaches(['localhost'], 'http://localhost', '10.0.0.1')).toBe(false);
    expect(reaches(['*.localhost'], 'http://a.localhost', '127.0.0.1')).toBe(false);
  });
});
