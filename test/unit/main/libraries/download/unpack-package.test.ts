import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { unpackPackage } from '#main/libraries/download/unpack-package';
import { packageTarball, type TarballEntry, tarballOf } from '../tarball.ts';

const textsOf = async (tarball: Buffer) =>
  [...(await unpackPackage(tarball))].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]);

it('gives every file by its path in the package', async () => {
  const tarball = packageTarball({ 'package.json': '{}', 'dist/a b.js': 'x'.repeat(2000), 'empty.js': '' });
  expect(await textsOf(tarball)).toEqual([
    ['package.json', '{}'],
    ['dist/a b.js', 'x'.repeat(2000)],
    ['empty.js', ''],
  ]);
});

it('takes any name for the folder of the package, as npm does, and passes over folders', async () => {
  const tarball = tarballOf([
    { path: 'lodash/', type: 'Directory' },
    { path: 'lodash/index.js', text: '1' },
  ]);
  expect(await textsOf(tarball)).toEqual([['index.js', '1']]);
});

const refused: [what: string, entry: TarballEntry, problem: string][] = [
  ['a symbolic link', { path: 'package/a', type: 'SymbolicLink', linkpath: '/etc/passwd' }, 'type SymbolicLink'],
  ['a hard link', { path: 'package/a', type: 'Link', linkpath: 'package/b' }, 'type Link'],
  ['a device', { path: 'package/a', type: 'CharacterDevice' }, 'type CharacterDevice'],
  ['a pipe', { path: 'package/a', type: 'FIFO' }, 'type FIFO'],
  ['a path that climbs out', { path: 'package/../../a' }, 'outside its folder'],
  ['a path that begins above', { path: '../package/a' }, 'outside its folder'],
  ['an absolute path', { path: '/etc/passwd/../a' }, 'outside its folder'],
  ['a path with backslashes', { path: 'package/..\\..\\a' }, 'outside its folder'],
  ['a path of the folder itself', { path: 'package' }, 'outside its folder'],
  ['a path with an empty part', { path: 'package//a' }, 'outside its folder'],
];

it.each(refused)('refuses %s, and with it the package', async (_, entry, problem) => {
  const tarball = tarballOf([{ path: 'package/package.json', text: '{}' }, entry]);
  await expect(unpackPackage(tarball)).rejects.toThrow(problem);
});

it('refuses more than the limits allow, however small it is packed', async () => {
  const bomb = packageTarball({ 'a.js': '0'.repeat(10_000_000) });
  expect(bomb.byteLength).toBeLessThan(20_000);
  await expect(unpackPackage(bomb, { unpackedBytes: 1_000_000, files: 10 })).rejects.toThrow(
    'larger than 1000000 bytes',
  );
  const many = packageTarball({ a: '', b: '', c: '' });
  await expect(unpackPackage(many, { unpackedBytes: 1_000_000, files: 2 })).rejects.toThrow('more than 2 files');
});

it('refuses what is no archive, or a damaged one', async () => {
  await expect(unpackPackage(Buffer.from('<html>'))).rejects.toThrow('no gzip archive');
  await expect(unpackPackage(gzipSync(Buffer.alloc(1024, 'x')))).rejects.toThrow('no tar archive, or a damaged one');
});
