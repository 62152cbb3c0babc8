/** Wrapping the engine changes nothing: programs end in a session as they end in the bare engine. */
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { startTestHost } from '../support/test-host.ts';
import { BareEngine } from './bare-engine.ts';
import { compare } from './compare.ts';
import type { Engine } from './engine.ts';
import { parserFolders, parserTests } from './parser-tests.ts';
import { type Call, SessionEngine } from './session-engine.ts';

/** Some programs of the suite loop for ever. */
const limitMs = 150;
const bare = new BareEngine(limitMs);
afterAll(() => bare.close());

test.for(parserFolders)(
  'every script in "%s" of test262-parser-tests ends the same',
  { timeout: 180_000 },
  async (kind) => {
    const cases = parserTests(kind);
    const engines = [bare, await sessions()] as const;
    const { differences, ends } = await compare(cases, { engines, casesPerRealm: 40, lanes: 2 });
    expect(differences).toEqual([]);
    expect(cases.length).toBeGreaterThan(500);
    // A comparison of failures alone would prove nothing.
    if (kind === 'pass') expect(ends.ok).toBeGreaterThan(500);
    else expect(ends.SyntaxError).toBeGreaterThan(500);
  },
);

test('a difference is found: an engine that drops the last line of every script does not pass', async () => {
  const real = await sessions();
  const broken: Engine = {
    name: 'broken',
    newRealm: async () => {
      const realm = await real.newRealm();
      return { ...realm, run: (source) => realm.run(source.slice(0, source.lastIndexOf('\n') + 1)) };
    },
  };
  const cases = [{ name: 'throws', scripts: ['1;\nthrow new TypeError("x")'] }];
  const { differences } = await compare(cases, { engines: [bare, broken], casesPerRealm: 1, lanes: 1 });
  expect(differences).toEqual([{ name: 'throws', outcomes: { 'bare engine': 'TypeError', broken: 'ok' } }]);
});

async function sessions(): Promise<SessionEngine> {
  const host = await startTestHost();
  onTestFinished(() => host.app.close());
  const call: Call = async (method, path, body) => {
    const reply = await host.call<never>(method, path, body === undefined ? {} : { body });
    if (reply.status >= 400) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  return new SessionEngine({ call, worktree: host.worktree, limitMs });
}
