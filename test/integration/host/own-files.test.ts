/** A host that was started inside a worktree, with all that it keeps there: its guests reach none of it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temp-dir.ts';
import { startTestHost } from '../../support/test-host.ts';

it('lets no guest plant a journal, a library, a run file or a lock, nor read the token', async () => {
  const folder = temporaryFolder();
  const worktree = join(folder, 'worktree');
  const host = await startTestHost(
    {
      databasePath: join(worktree, 'vm-system.db'),
      libraryCacheDirectory: join(worktree, '.vm-cache', 'libraries'),
      runDirectory: join(worktree, 'run'),
    },
    folder,
  );
  const template = await host.template('files');
  await host.ok('POST', `/templates/${template.id}/modules`, { name: 'fs' });
  const session = await host.session(template.id);
  const beside = ['-wal', '-shm', '-journal'].flatMap((ending) => [ending, `.lock${ending}`]);
  const paths = ['', '.lock', '.owner.json', ...beside].map((ending) => `vm-system.db${ending}`);
  const before = readdirSync(worktree).sort();
  const source = `const fs = require('fs');
    const tries = {};
    const attempt = (name, action) => { try { action(); tries[name] = 'done' } catch (error) { tries[name] = error.code } };
    fs.writeFileSync('mine', 'x');
    for (const path of ${JSON.stringify([...paths, 'run/rest-1.json', 'run/commands-1.json'])}) {
      attempt('write ' + path, () => fs.writeFileSync(path, 'x'));
      attempt('rename to ' + path, () => fs.renameSync('mine', path));
      attempt('remove ' + path, () => fs.rmSync(path, { force: true }));
    }
    attempt('cache', () => fs.mkdirSync('.vm-cache/libraries', { recursive: true }));
    attempt('list runs', () => fs.readdirSync('run'));
    attempt('move runs', () => fs.renameSync('run', 'runs'));
    fs.rmSync('mine');
    tries`;
  const tries = Object((await host.repl(session.id, source)).result?.json);
  expect(Object.entries(tries).filter(([, outcome]) => outcome !== 'INVALID_PATH')).toEqual([]);
  expect(Object.keys(tries)).toHaveLength(36);
  expect(readdirSync(worktree).sort()).toEqual(before);
});
