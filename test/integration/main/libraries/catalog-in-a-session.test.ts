/** The six libraries of the catalog as a guest meets them: downloaded for real, loaded by a real session, called once. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DownloadOutcome, downloadCatalog } from '#main/libraries/download/download-catalog';
import type { CatalogLibrary } from '#shared/contract/catalog';
import { startTestHost } from '../../../support/test-host.ts';

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'vm-system-libraries-'));
const outcomes: DownloadOutcome[] = [];

beforeAll(async () => {
  const place = { folder, env: process.env, workingFolder: process.cwd() };
  for await (const outcome of downloadCatalog(place)) outcomes.push(outcome);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One call for each library whose answer the library alone could give. */
const calls: [name: string, source: string, code: string, answer: unknown][] = [
  ['lodash-4.17.21', 'lodash.min.js', '_.chunk([1, 2, 3, 4, 5], 2)', [[1, 2], [3, 4], [5]]],
  [
    'moment-2.29.4',
    'min/moment.min.js',
    'moment.utc("2024-02-28").add(2, "days").format("D MMMM YYYY")',
    '1 March 2024',
  ],
  [
    'axios-1.6.0',
    'dist/axios.min.js',
    '[axios.VERSION, axios.getUri({ url: "/a", params: { b: [1, 2] } })]',
    ['1.6.0', '/a?b[]=1&b[]=2'],
  ],
  ['ramda-0.29.0', 'dist/ramda.min.js', 'R.pipe(R.map(R.multiply(3)), R.sum)([1, 2, 3])', 18],
  ['dayjs-1.11.10', 'dayjs.min.js', 'dayjs("2024-02-28").add(2, "day").format("YYYY-MM-DD")', '2024-03-01'],
  [
    'zustand-4.4.7',
    'bundled',
    'const store = zustand.createStore(() => ({ n: 1 })); store.setState({ n: 2 }); store.getState()',
    { n: 2 },
  ],
];

describe('the catalog, downloaded from the npm registry (needs the registry)', () => {
  it('is all brought, each from the file that was chosen', () => {
    const brought = outcomes.map((outcome) => [outcome.name, outcome.status, 'source' in outcome && outcome.source]);
    expect(brought).toEqual(calls.map(([name, source]) => [name, 'downloaded', source]));
  });

  it.for(calls)('%s answers a call in a session', async ([name, , code, answer]) => {
    const host = await startTestHost({ libraryCacheDirectory: folder });
    const template = await host.template('with a library');
    await host.ok('POST', `/templates/${template.id}/libraries`, { name });
    const session = await host.session(template.id);
    expect((await host.repl(session.id, code)).result?.json).toEqual(answer);
  });

  it('loads as a whole in one session, and is cached as a whole', async () => {
    const host = await startTestHost({ libraryCacheDirectory: folder });
    const template = await host.template('with all libraries');
    for (const [name] of calls) await host.ok('POST', `/templates/${template.id}/libraries`, { name });
    const session = await host.session(template.id);
    const kinds = await host.repl(session.id, '[_, moment, axios, R, dayjs, zustand].map((global) => typeof global)');
    expect(kinds.result?.json).toEqual(['function', 'function', 'function', 'object', 'function', 'object']);
    const catalog = await host.ok<CatalogLibrary[]>('GET', '/libraries');
    expect(catalog.map(({ cached }) => cached)).toEqual(calls.map(() => true));
  });

  it('is left alone by a second download, which asks no registry', async () => {
    const place = { folder, env: { npm_config_registry: 'http://127.0.0.1:9/' }, workingFolder: folder };
    const statuses: string[] = [];
    for await (const { status } of downloadCatalog(place)) statuses.push(status);
    expect(statuses).toEqual(calls.map(() => 'cached'));
  });
});
