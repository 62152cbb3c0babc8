/** The six libraries of the catalog as a guest meets them: downloaded for real, loaded by a real session, called once. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CachePlace } from '#main/libraries/download/add-library';
import { downloadCatalog } from '#main/libraries/download/download-catalog';
import type { CatalogLibrary, LibraryOutcome } from '#shared/contract/catalog';
import { startTestHost } from '../../../support/test-host.ts';

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'vm-system-libraries-'));
let outcomes: LibraryOutcome[] = [];

beforeAll(async () => {
  outcomes = await download({ folder, env: process.env, workingFolder: process.cwd() });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function download(place: CachePlace): Promise<LibraryOutcome[]> {
  const brought: LibraryOutcome[] = [];
  const { signal } = new AbortController();
  for await (const outcome of downloadCatalog({ place, signal, report: () => undefined })) brought.push(outcome);
  return brought;
}

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
    `const api = axios.create({
       baseURL: "https://api.test",
       adapter: (config) => Promise.resolve({ data: [config.headers.get("X-Seen"), axios.getUri(config)], config }),
     });
     api.interceptors.request.use((config) => { config.headers.set("X-Seen", "yes"); return config; });
     var seen;
     api.get("/a", { params: { b: [1, 2] } }).then((response) => { seen = response.data; });`,
    ['yes', 'https://api.test/a?b[]=1&b[]=2'],
  ],
  ['ramda-0.29.0', 'dist/ramda.min.js', 'R.pipe(R.map(R.multiply(3)), R.sum)([1, 2, 3])', 18],
  ['dayjs-1.11.10', 'dayjs.min.js', 'dayjs("2024-03-01").diff(dayjs("2024-02-28"), "day")', 2],
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
    const first = await host.repl(session.id, code);
    const { result } = name.startsWith('axios') ? await host.repl(session.id, 'seen') : first;
    expect(result?.json).toEqual(answer);
  });

  it('loads as a whole in one session, and is cached as a whole', async () => {
    const host = await startTestHost({ libraryCacheDirectory: folder });
    const template = await host.template('with all libraries');
    for (const [name] of calls) await host.ok('POST', `/templates/${template.id}/libraries`, { name });
    const session = await host.session(template.id);
    const kinds = await host.repl(session.id, '[_, moment, axios, R, dayjs, zustand].map((global) => typeof global)');
    expect(kinds.result?.json).toEqual(['function', 'function', 'function', 'object', 'function', 'function']);
    const catalog = await host.ok<CatalogLibrary[]>('GET', '/libraries');
    expect(catalog.map(({ cached }) => cached)).toEqual(calls.map(() => true));
  });

  it('is left alone by a second download, which asks no registry', async () => {
    const place = { folder, env: { npm_config_registry: 'http://127.0.0.1:9/' }, workingFolder: folder };
    expect((await download(place)).map(({ status }) => status)).toEqual(calls.map(() => 'cached'));
  });
});
