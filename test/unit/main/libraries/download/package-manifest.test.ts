import { expect, it } from 'vitest';
import { neededRange, readPackageManifest } from '#main/libraries/download/package-manifest';

const manifestOf = (text: string) => readPackageManifest(new Map([['package.json', Buffer.from(text)]]));

it('counts a field of a wrong kind as absent', () => {
  const manifest = manifestOf(
    '{"main":7,"browser":[1],"dependencies":["a"],"peerDependenciesMeta":"x","unpkg":"u.js"}',
  );
  expect(manifest).toMatchObject({ dependencies: {}, peerDependenciesMeta: {}, unpkg: 'u.js' });
  expect(manifest.main).toBeUndefined();
  expect(manifest.browser).toBeUndefined();
});

it('needs dependencies and peers, but nothing optional', () => {
  const manifest = manifestOf(
    JSON.stringify({
      dependencies: { a: '1', both: '2' },
      optionalDependencies: { both: '2', wished: '3' },
      peerDependencies: { peer: '4', loose: '5' },
      peerDependenciesMeta: { loose: { optional: true } },
    }),
  );
  const names = ['a', 'peer', 'both', 'wished', 'loose', 'other', 'toString', '__proto__'];
  expect(names.map((name) => neededRange(manifest, name))).toEqual(['1', '4', ...Array(6).fill(undefined)]);
});

it.each(['{', '', '7'])('refuses a package whose package.json is %j', (text) => {
  expect(() => manifestOf(text)).toThrow('no package.json that can be read');
});

it('refuses a package without one', () => {
  expect(() => readPackageManifest(new Map())).toThrow('no package.json that can be read');
});
