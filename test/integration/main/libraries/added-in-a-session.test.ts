/**
 * Packages beside the catalog as a guest meets them, brought by a host for real: one of a scope, one that is only ES
 * modules, one with a tree of dependencies. Each is added over REST, granted, loaded by a session and called.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CatalogLibrary } from '#shared/contract/catalog';
import { endedOperation } from '../../../support/ended-operation.ts';
import { startTestHost } from '../../../support/test-host.ts';

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'vm-system-libraries-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Case {
  readonly wanted: { readonly name: string; readonly version: string; readonly global?: string };
  readonly library: string;
  readonly code: string;
  readonly answer: unknown;
}

const cases: Case[] = [
  {
    wanted: { name: '@sindresorhus/slugify', version: '2.2.1' },
    library: '@sindresorhus/slugify-2.2.1',
    code: 'slugify("I ♥ Dogs & Çelik", { separator: "_" })',
    answer: 'i_love_dogs_and_celik',
  },
  {
    wanted: { name: 'change-case', version: '^5.4.0 <5.4.5' },
    library: 'change-case-5.4.4',
    code: '[changeCase.snakeCase("helloBigWorld"), changeCase.pascalCase("hello big world")]',
    answer: ['hello_big_world', 'HelloBigWorld'],
  },
  {
    // Its scripts for pages assign to window, which no session has; so it is bundled.
    wanted: { name: 'date-fns', version: '4.1.0' },
    library: 'date-fns-4.1.0',
    code: 'dateFns.format(dateFns.addDays(new Date(2026, 0, 30), 2), "yyyy-MM-dd")',
    answer: '2026-02-01',
  },
  {
    wanted: { name: 'qs', version: '6.14.0', global: 'queries' },
    library: 'qs-6.14.0',
    code: '[queries.parse("a[b][]=1&a[b][]=2&c=d"), queries.stringify({ a: { b: [1, "ü"] } }, { encode: false })]',
    answer: [{ a: { b: ['1', '2'] }, c: 'd' }, 'a[b][0]=1&a[b][1]=ü'],
  },
];

describe('packages added from the npm registry (needs the registry)', () => {
  it.for(cases)(
    '$library answers a call in a session',
    { timeout: 60_000 },
    async ({ wanted, library, code, answer }) => {
      const host = await startTestHost({ libraryCacheDirectory: folder });
      const operation = await endedOperation(host, wanted);
      expect(operation).toMatchObject({ status: 'ok', result: { name: library, source: 'bundled' } });
      const template = await host.template('with a library');
      await host.ok('POST', `/templates/${template.id}/libraries`, { name: library });
      const session = await host.session(template.id);
      expect((await host.repl(session.id, code)).result?.json).toEqual(answer);
      const listed = await host.ok<CatalogLibrary[]>('GET', '/libraries');
      expect(listed.find(({ name }) => name === library)).toMatchObject({ id: wanted.name, cached: true, added: true });
    },
  );

  it('says of a package for Node that a session has no Node', { timeout: 60_000 }, async () => {
    const host = await startTestHost({ libraryCacheDirectory: folder });
    const { status, error } = await endedOperation(host, { name: 'graceful-fs', version: '4.2.11' });
    expect({ status, message: error?.message }).toEqual({
      status: 'error',
      message: expect.stringContaining('graceful-fs needs Node.js itself (assert, constants, fs, stream, util)'),
    });
  });
});
