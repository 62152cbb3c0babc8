import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRunFile, writeRunFile } from '#main/rest/run-file';
import { temporaryFolder } from '../../../support/temp-dir.ts';

const host = { port: 3210, pid: 42, token: 'ours' };

describe('the run file of a host', () => {
  it('can be read back and carries the time of its start', () => {
    const folder = join(temporaryFolder(), 'data', 'run');
    writeRunFile(folder, host);
    expect(readRunFile(folder, 3210)).toEqual({ ...host, started: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) });
  });

  it('is for this user alone, in a folder for this user alone', () => {
    const folder = join(temporaryFolder(), 'run');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    writeRunFile(folder, host);
    expect([folder, join(folder, 'rest.json')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  });

  it('replaces what an earlier host left, and leaves no draft behind', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'rest.json.42.tmp'), 'left by a host that died', { mode: 0o644 });
    writeRunFile(folder, { ...host, token: 'theirs' });
    writeRunFile(folder, host);
    expect([readdirSync(folder), readRunFile(folder, 3210)?.token]).toEqual([['rest.json'], 'ours']);
  });

  it('is removed once, and only while it is ours', () => {
    const folder = temporaryFolder();
    const first = writeRunFile(folder, host);
    const second = writeRunFile(folder, { ...host, token: 'theirs' });
    first.remove();
    expect(readRunFile(folder, 3210)?.token).toBe('theirs');
    second.remove();
    second.remove();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is as good as missing where it cannot be understood', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'rest-4000.json'), '{"port":4000');
    expect([readRunFile(folder, 4000), readRunFile(folder, 5000)]).toEqual([undefined, undefined]);
  });

  it('keeps hosts of other ports apart', () => {
    const folder = temporaryFolder();
    writeRunFile(folder, { ...host, port: 4000 });
    expect(JSON.parse(readFileSync(join(folder, 'rest-4000.json'), 'utf8'))).toMatchObject({ port: 4000, pid: 42 });
  });
});
