/** No path of a guest leads out of its worktree: every operation on every way out, by a session and without one. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RuntimeHost } from '#core/ports';
import { directFs, outcomeOf } from '../../support/direct-fs.ts';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { runCode } from '../../support/run-code.ts';
import {
  linksOutside,
  pathsThroughOutside,
  type WorktreeWithSecrets,
  worktreeWithSecrets,
} from '../../support/worktree-with-secrets.ts';

let host: RuntimeHost;

beforeAll(() => {
  host = createRealRuntimeHost();
});
afterAll(() => host.close());

type Attack = readonly [operation: string, args: (path: string) => readonly unknown[]];

/** What follows a link in the last place. */
const following: readonly Attack[] = [
  ['readFile', (path) => [path]],
  ['writeFile', (path) => [path, 'ESCAPED']],
  ['appendFile', (path) => [path, 'ESCAPED']],
  ['stat', (path) => [path]],
  ['access', (path) => [path]],
  ['realpath', (path) => [path]],
  ['readdir', (path) => [path]],
  ['mkdir', (path) => [path, { recursive: true }]],
  ['copyFile', (path) => [path, 'copied.txt']],
  ['copyFile', (path) => ['file.txt', path]],
];

/** What takes a link in the last place for itself. */
const keeping: readonly Attack[] = [
  ['lstat', (path) => [path]],
  ['mkdir', (path) => [path]],
  ['unlink', (path) => [path]],
  ['rmdir', (path) => [path]],
  ['rm', (path) => [path, { recursive: true, force: true }]],
  ['rename', (path) => [path, 'moved.txt']],
  ['rename', (path) => ['file.txt', path]],
];

const calls = ({ root, secrets, outside }: WorktreeWithSecrets) => {
  const paths = pathsThroughOutside({ root, secrets, outside });
  return [
    ...following.flatMap(([name, args]) => [...paths, ...linksOutside].map((path) => [name, ...args(path)] as const)),
    ...keeping.flatMap(([name, args]) => paths.map((path) => [name, ...args(path)] as const)),
  ];
};

/** Runs calls in a session, each as its function that waits; answers with the code of each, or that it was answered. */
async function inSession(root: string, list: readonly (readonly unknown[])[], suffix = 'Sync'): Promise<unknown> {
  const runtime = await host.open(runtimeSpec({ modules: ['fs'], worktree: root }));
  try {
    const source = `
      const fs = require('fs');
      const target = ${JSON.stringify(suffix)} === 'Sync' ? fs : fs.promises;
      const outcomes = [];
      for (const [name, ...args] of __ARGS__.calls) {
        try {
          const value = await target[name + ${JSON.stringify(suffix)}](...args);
          outcomes.push({ answered: value ?? null });
        } catch (error) {
          outcomes.push(error.code);
        }
      }
      outcomes`;
    const wrapped = `(async () => { ${source.replace(/outcomes$/, 'console.log(JSON.stringify(outcomes))')} })()`;
    const run = await runCode(runtime, wrapped, {
      args: { calls: JSON.parse(JSON.stringify(list)) },
      limits: { wall_ms: 60_000, cpu_ms: 20_000 },
    });
    const [printed] = run.events.flatMap((event) => (event.type === 'console' ? event.payload.text : []));
    return printed === undefined ? run.end : JSON.parse(printed);
  } finally {
    await runtime.close();
  }
}

describe('every way out of the worktree is refused, and nothing outside is touched', () => {
  test('in a session, by the functions that wait and by the ones that promise', { timeout: 60_000 }, async () => {
    for (const suffix of ['Sync', '']) {
      const world = worktreeWithSecrets();
      const before = world.outside();
      const list = calls(world);
      expect(list.length).toBeGreaterThan(700);
      const outcomes = (await inSession(world.root, list, suffix)) as unknown[]; // a list of JSON, or a failure to show
      const passed = list.filter((_call, index) => outcomes[index] !== 'INVALID_PATH');
      expect(passed).toEqual([]);
      expect(world.outside()).toEqual(before);
    }
  });

  test('by the service alone', async () => {
    const world = worktreeWithSecrets();
    const before = world.outside();
    const fs = directFs({ worktree: world.root });
    for (const [name, ...args] of calls(world)) {
      expect([name, ...args, await outcomeOf(fs(name, ...args))]).toEqual([name, ...args, 'INVALID_PATH']);
    }
    expect(world.outside()).toEqual(before);
  });

  test('and does not even seem to exist', async () => {
    const world = worktreeWithSecrets();
    const list = [...pathsThroughOutside(world), ...linksOutside].map((path) => ['exists', path]);
    expect(await inSession(world.root, list)).toEqual(list.map(() => ({ answered: false })));
  });
});

describe('links inside the worktree that lead out', () => {
  test('are removed, renamed and told of themselves, never what they lead to', async () => {
    const world = worktreeWithSecrets();
    const before = world.outside();
    const fs = directFs({ worktree: world.root });
    await fs('rename', 'out', 'renamed');
    await fs('unlink', 'renamed');
    await fs('rm', 'absolute-out', { recursive: true });
    await fs('unlink', 'out-file');
    expect(await outcomeOf(fs('rmdir', 'chain'))).toBe('ENOTDIR');
    expect((await fs('lstat', 'up')).value).toMatchObject({
      mode: expect.toSatisfy((mode) => (mode & 0o170000) === 0o120000),
    });
    expect(readdirSync(world.root)).not.toContain('renamed');
    expect(world.outside()).toEqual(before);
  });

  test('are not followed by the removal of a tree, nor by a recursive listing', async () => {
    const world = worktreeWithSecrets();
    const before = world.outside();
    mkdirSync(join(world.root, 'tree', 'inner'), { recursive: true });
    symlinkSync(world.secrets, join(world.root, 'tree', 'inner', 'out'));
    symlinkSync('../../secrets', join(world.root, 'tree', 'out'));
    symlinkSync('..', join(world.root, 'tree', 'up'));
    const fs = directFs({ worktree: world.root });
    const { value } = await fs('readdir', 'tree', { recursive: true });
    expect(value).toEqual([
      ['', 'inner', 0o040000],
      ['', 'out', 0o120000],
      ['', 'up', 0o120000],
      ['inner', 'out', 0o120000],
    ]);
    await fs('rm', 'tree', { recursive: true });
    expect(existsSync(join(world.root, 'tree'))).toBe(false);
    expect(world.outside()).toEqual(before);
  });

  test('are followed while they stay inside', async () => {
    const { root } = worktreeWithSecrets();
    symlinkSync('inner', join(root, 'in'));
    symlinkSync(join(root, 'inner', 'file.txt'), join(root, 'in-file'));
    symlinkSync('inner/new.txt', join(root, 'in-new'));
    symlinkSync('.', join(root, 'itself'));
    const fs = directFs({ worktree: root });
    expect((await fs('readFile', 'in/file.txt')).value).toBe('deeper');
    expect((await fs('readFile', 'itself/in/../in-file')).value).toBe('deeper');
    await fs('writeFile', 'in-new', 'new');
    expect(readFileSync(join(root, 'inner', 'new.txt'), 'utf8')).toBe('new');
    await fs('writeFile', 'in-file', 'changed');
    expect(readFileSync(join(root, 'inner', 'file.txt'), 'utf8')).toBe('changed');
  });
});

describe('what is inside and not the guest’s', () => {
  const gitNames = [
    '.git/config',
    '.GIT/config',
    '.Git/hooks/pre-commit',
    '.g\u200cit/config',
    '\u200d.git/config',
    '.git\ufeff/config',
    '.git./config',
    '.git /config',
    '.git::$INDEX_ALLOCATION/config',
    'git~1/config',
    'GIT~1/config',
    '\uff0egit/config',
    'inner/.git/config',
    '.git',
    'git-by-link/config',
    'inner/../.git/config',
    'git-by-link/../.git/config',
  ];

  test('git’s own folder is read, never written, however it is spelled', async () => {
    const { root } = worktreeWithSecrets();
    const fs = directFs({ worktree: root });
    for (const path of gitNames) {
      for (const [name, ...args] of [
        ['writeFile', path, 'x'],
        ['appendFile', path, 'x'],
        ['mkdir', path],
        ['mkdir', path, { recursive: true }],
        ['unlink', path],
        ['rm', path, { recursive: true, force: true }],
        ['rename', path, 'moved'],
        ['rename', 'inner', path],
        ['copyFile', 'file.txt', path],
      ] as const) {
        expect([name, args, await outcomeOf(fs(name, ...args))]).toEqual([name, args, 'INVALID_PATH']);
      }
    }
    expect((await fs('readFile', '.git/config')).value).toBe('git');
  });

  test('a tree with a git folder in it is removed not even in part', async () => {
    const { root } = worktreeWithSecrets();
    mkdirSync(join(root, 'project', 'z', '.git'), { recursive: true });
    writeFileSync(join(root, 'project', 'a.txt'), 'kept');
    const fs = directFs({ worktree: root });
    expect(await outcomeOf(fs('rm', 'project', { recursive: true }))).toBe('INVALID_PATH');
    expect(existsSync(join(root, 'project', 'a.txt'))).toBe(true);
  });

  test('the worktree itself stays', async () => {
    const { root } = worktreeWithSecrets();
    const fs = directFs({ worktree: root });
    for (const path of ['.', './', 'inner/..', root, `${root}/`]) {
      expect(await outcomeOf(fs('rm', path, { recursive: true }))).toBe('INVALID_PATH');
      expect(await outcomeOf(fs('rename', path, 'inner/moved'))).toBe('INVALID_PATH');
      expect(await outcomeOf(fs('rmdir', path))).toBe('INVALID_PATH');
    }
    expect(existsSync(join(root, 'file.txt'))).toBe(true);
  });

  test('a hard link is read, never written', async () => {
    const world = worktreeWithSecrets();
    const before = world.outside();
    const fs = directFs({ worktree: world.root });
    expect((await fs('readFile', 'hard.txt')).value).toBe('LINKED');
    for (const [name, ...args] of [
      ['writeFile', 'hard.txt', 'x'],
      ['appendFile', 'hard.txt', 'x'],
      ['copyFile', 'file.txt', 'hard.txt'],
      ['access', 'hard.txt', 2],
    ] as const) {
      expect([name, await outcomeOf(fs(name, ...args))]).toEqual([name, 'INVALID_PATH']);
    }
    await expect(fs('appendFile', 'hard.txt', 'x')).rejects.toThrow('it is a hard link');
    await expect(fs('writeFile', 'hard.txt', 'x')).rejects.toThrow('it is a hard link');
    expect(world.outside()).toEqual(before);
  });

  test('a FIFO keeps nobody waiting', async () => {
    const { root } = worktreeWithSecrets();
    const fs = directFs({ worktree: root });
    for (const [name, ...args] of [
      ['readFile', 'fifo'],
      ['writeFile', 'fifo', 'x'],
      ['appendFile', 'fifo', 'x'],
      ['copyFile', 'fifo', 'copy'],
      ['copyFile', 'file.txt', 'fifo'],
    ] as const) {
      expect([name, await outcomeOf(fs(name, ...args))]).toEqual([name, 'INVALID_PATH']);
    }
  });

  test.each<[string, (world: WorktreeWithSecrets) => void]>([
    ['another folder', ({ root, secrets }) => renameSync(secrets, root)],
    ['a link to another folder', ({ root, secrets }) => symlinkSync(secrets, root)],
    ['a link to where it is now', ({ root }) => symlinkSync(`${root}-away`, root)],
  ])('a worktree in whose place there is %s is not used', async (_what, replace) => {
    const world = worktreeWithSecrets();
    const fs = directFs({ worktree: world.root });
    await fs('readFile', 'file.txt');
    renameSync(world.root, `${world.root}-away`);
    replace(world);
    expect(await outcomeOf(fs('readFile', 'secret.txt'))).toBe('INVALID_PATH');
    expect(await outcomeOf(fs('readFile', 'file.txt'))).toBe('INVALID_PATH');
    expect(await outcomeOf(fs('writeFile', 'new.txt', 'x'))).toBe('INVALID_PATH');
  });
});

test('a written file is whole at every moment, keeps its mode, and leaves nothing beside it', async () => {
  const { root } = worktreeWithSecrets();
  const fs = directFs({ worktree: root });
  const texts = ['a', 'b'].map((letter) => letter.repeat(2_000_000));
  await fs('writeFile', 'inner/file.txt', texts[0]);
  chmodSync(join(root, 'inner', 'file.txt'), 0o640);
  const writing = fs('writeFile', 'inner/file.txt', texts[1]);
  const seen = new Set<string>();
  let isDone = false;
  writing.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    seen.add(
      createHash('sha256')
        .update(readFileSync(join(root, 'inner', 'file.txt')))
        .digest('hex'),
    );
    await new Promise(setImmediate);
  }
  await writing;
  const whole = texts.map((text) => createHash('sha256').update(text).digest('hex'));
  expect([...seen].filter((digest) => !whole.includes(digest))).toEqual([]);
  expect(statSync(join(root, 'inner', 'file.txt')).mode & 0o777).toBe(0o640);
  expect(readdirSync(join(root, 'inner'))).toEqual(['file.txt']);
});
