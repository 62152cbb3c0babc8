/** What a template grants of files: quotas of a session, and folders beside the worktree. Every refusal names its rule. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GuestError } from '#core/guest-error';
import { fsServices } from '#main/modules/fs-service';
import { ProtectedFiles } from '#main/modules/paths/protected-files';
import type { JsonValue } from '#shared/contract/primitive';
import { directFs, outcomeOf } from '../../support/direct-fs.ts';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { runCode } from '../../support/run-code.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';

const capability = (kind: 'module' | 'fs', name: string, config: JsonValue, enabled = true) => ({
  id: `00000000-0000-4000-8000-${name.length.toString().padStart(12, '0')}`,
  vm_id: '00000000-0000-4000-8000-000000000000',
  kind,
  name,
  enabled,
  config,
});

function folders() {
  const folder = temporaryFolder();
  const [worktree, data] = [join(folder, 'work'), join(folder, 'data')];
  for (const path of [worktree, data]) {
    mkdirSync(join(path, 'inner'), { recursive: true });
    writeFileSync(join(path, 'file.txt'), 'text');
  }
  return { worktree, data };
}

/** The whole refusal of a call. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (answer) => answer,
    (error) => (error instanceof GuestError ? [error.fields.code, error.message] : error),
  );
}

describe('the quotas of the module', () => {
  const withQuota = (config: JsonValue) => ({ capabilities: [capability('module', 'fs', config)] });

  test('read_only forbids every change and nothing else', async () => {
    const { worktree, data } = folders();
    const changes = withQuota({ read_only: true });
    const capabilities = [...changes.capabilities, capability('fs', 'data', { path: data, mode: 'rw' })];
    const fs = directFs({ worktree, capabilities });
    for (const [name, ...args] of [
      ['writeFile', 'file.txt', 'x'],
      ['appendFile', 'file.txt', 'x'],
      ['mkdir', 'new'],
      ['mkdir', 'new', { recursive: true }],
      ['rm', 'file.txt', { force: true }],
      ['unlink', 'file.txt'],
      ['rmdir', 'inner'],
      ['rename', 'file.txt', 'new'],
      ['copyFile', 'file.txt', 'new'],
      ['access', 'file.txt', 2],
      ['writeFile', join(data, 'file.txt'), 'x'],
    ] as const) {
      expect([name, await outcomeOf(fs(name, ...args))]).toEqual([name, 'EROFS']);
    }
    expect(await refusal(fs('writeFile', 'file.txt', 'x'))).toEqual([
      'EROFS',
      'EROFS: read-only file system, open \'file.txt\': the module fs of the template "test" is granted with read_only',
    ]);
    expect((await fs('readFile', 'file.txt')).value).toBe('text');
  });

  test('max_read_bytes bounds what is read at once, also of a file that has no size', async () => {
    const { worktree } = folders();
    const fs = directFs({ worktree, ...withQuota({ max_read_bytes: 4 }) });
    expect((await fs('readFile', 'file.txt')).value).toBe('text');
    writeFileSync(join(worktree, 'large'), '');
    truncateSync(join(worktree, 'large'), 8 * 1024 ** 4);
    expect(await refusal(fs('readFile', 'large', null))).toEqual([
      'EFBIG',
      'EFBIG: file too large, open \'large\': max_read_bytes of the module fs in the template "test" allows 4 bytes at once',
    ]);
    const proc = directFs({
      worktree,
      capabilities: [
        capability('module', 'fs', { max_read_bytes: 4 }),
        capability('fs', 'proc', { path: '/proc/sys' }),
      ],
    });
    expect(await outcomeOf(proc('readFile', '/proc/sys/kernel/version'))).toBe('EFBIG');
  });

  test('max_written_bytes counts writing, appending and copying of a whole session, also in its next runtime', async () => {
    const { worktree } = folders();
    const changes = { worktree, modules: ['fs'], ...withQuota({ max_written_bytes: 10 }) };
    const open = fsServices();
    const context = { abort: new AbortController().signal, print: () => undefined };
    const write = (session: string, path: string, text: string) =>
      open({ ...runtimeSpec(changes), sessionId: session })?.call(
        {
          service: 'fs',
          operation: 'writeFile',
          argument: { path, encoding: 'utf8', mode: 0o666, flag: 'w' },
          bytes: Buffer.from(text),
        },
        context,
      );
    await write('one', 'new.txt', 'sixsix');
    await expect(write('one', 'over.txt', 'fivee')).rejects.toMatchObject({
      fields: { code: 'EDQUOT' },
      message: expect.stringContaining(
        'max_written_bytes of the module fs in the template "test" allows 10, 4 are left',
      ),
    });
    expect(existsSync(join(worktree, 'over.txt'))).toBe(false);
    await write('one', 'last.txt', 'four');
    await write('two', 'other.txt', 'sixsix');
    const fs = directFs(changes);
    await fs('copyFile', 'file.txt', 'copy');
    await fs('appendFile', 'copy', '12345');
    expect(await outcomeOf(fs('copyFile', 'file.txt', 'copy'))).toBe('EDQUOT');
    expect(await outcomeOf(fs('appendFile', 'copy', '12'))).toBe('EDQUOT');
    expect(readFileSync(join(worktree, 'copy'), 'utf8')).toBe('text12345');
  });

  test('max_entries bounds a listing, with all beneath it', async () => {
    const { worktree } = folders();
    for (const name of ['a', 'b', 'c']) writeFileSync(join(worktree, 'inner', name), '');
    const fs = directFs({ worktree, ...withQuota({ max_entries: 3 }) });
    expect((await fs('readdir', 'inner')).value).toHaveLength(3);
    expect(await refusal(fs('readdir', '.', { recursive: true }))).toEqual([
      'EOVERFLOW',
      expect.stringContaining('scandir \'.\': max_entries of the module fs in the template "test" allows 3 entries'),
    ]);
  });
});

describe('a capability of kind fs', () => {
  test('grants a folder by absolute paths, to read or to write', async () => {
    const { worktree, data } = folders();
    const rights = (mode: string) =>
      directFs({ worktree, capabilities: [capability('fs', 'data', { path: data, mode })] });
    const [readOnly, readWrite] = [rights('ro'), rights('rw')];
    expect((await readOnly('readFile', join(data, 'file.txt'))).value).toBe('text');
    expect(await refusal(readOnly('writeFile', join(data, 'new'), 'x'))).toEqual([
      'EROFS',
      `EROFS: read-only file system, open '${join(data, 'new')}': the capability fs "data" of the template "test" has the mode ro`,
    ]);
    expect(await outcomeOf(readOnly('rename', join(data, 'file.txt'), 'stolen'))).toBe('EROFS');
    expect(await outcomeOf(readOnly('copyFile', 'file.txt', join(data, 'file.txt')))).toBe('EROFS');
    await readWrite('writeFile', join(data, 'inner/new'), 'x');
    await readWrite('rename', join(data, 'inner/new'), 'moved');
    expect(readFileSync(join(worktree, 'moved'), 'utf8')).toBe('x');
  });

  test('grants that folder only, and no link leads from one folder to another', async () => {
    const { worktree, data } = folders();
    symlinkSync(data, join(worktree, 'data-link'));
    symlinkSync(worktree, join(data, 'work-link'));
    const fs = directFs({ worktree, capabilities: [capability('fs', 'data', { path: data, mode: 'rw' })] });
    for (const path of [
      'data-link/file.txt',
      join(data, 'work-link/file.txt'),
      join(data, '../data/file.txt/../..'),
      dirname(data),
      `${data}2/x`,
    ]) {
      expect([path, await outcomeOf(fs('readFile', path))]).toEqual([path, 'INVALID_PATH']);
    }
    expect(await refusal(fs('readFile', '/etc/passwd'))).toEqual([
      'INVALID_PATH',
      expect.stringContaining('it is not inside the worktree or the folder of "data", and the template "test"'),
    ]);
  });

  test('that is disabled, or whose folder is not there, grants nothing', async () => {
    const { worktree, data } = folders();
    for (const one of [
      capability('fs', 'data', { path: data }, false),
      capability('fs', 'data', { path: 'relative' }),
      capability('fs', 'data', { path: join(data, 'none') }),
      capability('fs', 'data', { mode: 'rw' }),
    ]) {
      const fs = directFs({ worktree, capabilities: [one] });
      expect(await outcomeOf(fs('readFile', join(data, 'file.txt')))).toBe('INVALID_PATH');
      expect((await fs('readFile', 'file.txt')).value).toBe('text');
    }
  });

  test('grants no folder that has come into its place since the session began', async () => {
    const { worktree, data } = folders();
    const fs = directFs({ worktree, capabilities: [capability('fs', 'data', { path: data, mode: 'rw' })] });
    await fs('readFile', join(data, 'file.txt'));
    renameSync(data, `${data}-away`);
    symlinkSync(worktree, data);
    expect(await outcomeOf(fs('readFile', join(data, 'file.txt')))).toBe('INVALID_PATH');
  });

  test('reaches guests', async () => {
    const { worktree, data } = folders();
    const host = createRealRuntimeHost();
    const capabilities = [capability('fs', 'data', { path: data, mode: 'rw' })];
    const runtime = await host.open(runtimeSpec({ modules: ['fs'], worktree, capabilities }));
    const file = JSON.stringify(join(data, 'new.txt'));
    const { end } = await runCode(
      runtime,
      `const fs = require('fs'); fs.writeFileSync(${file}, 'new'); fs.readFileSync(${file}) + fs.readFileSync('file.txt')`,
    );
    expect(end).toMatchObject({ value: { json: 'newtext' } });
    await host.close();
  });
});

test('a hard link gets no other name, nor gives its name to another file: SQLite would find it as a journal', async () => {
  const { worktree, data } = folders();
  linkSync(join(data, 'file.txt'), join(worktree, 'hard'));
  const fs = directFs({ worktree });
  for (const [operation, ...args] of [
    ['rename', 'hard', 'a.db-wal'],
    ['rename', 'file.txt', 'hard'],
    ['copyFile', 'file.txt', 'hard'],
  ] as const) {
    expect([operation, await outcomeOf(fs(operation, ...args))]).toEqual([operation, 'INVALID_PATH']);
  }
  await fs('unlink', 'hard');
  expect(readFileSync(join(data, 'file.txt'), 'utf8')).toBe('text');
});

describe('the host’s own files', () => {
  const protectedWorld = () => {
    const { worktree } = folders();
    const database = join(worktree, 'inner', 'host.db');
    writeFileSync(database, 'SECRET');
    symlinkSync('inner/host.db', join(worktree, 'link'));
    return { worktree, database, fs: directFs({ worktree }, new ProtectedFiles([database, `${database}-journal`])) };
  };

  test('are neither read nor changed nor moved, by whichever way', async () => {
    const { fs, database } = protectedWorld();
    for (const [name, ...args] of [
      ['readFile', 'inner/host.db'],
      ['readFile', 'link'],
      ['copyFile', 'inner/host.db', 'copy'],
      ['writeFile', 'inner/host.db', 'x'],
      ['writeFile', 'link', 'x'],
      ['appendFile', 'inner/host.db', 'x'],
      ['copyFile', 'file.txt', 'inner/host.db'],
      ['unlink', 'inner/host.db'],
      ['rm', 'inner', { recursive: true }],
      ['rename', 'inner/host.db', 'moved'],
      ['rename', 'file.txt', 'inner/host.db'],
      ['rename', 'inner', 'moved'],
    ] as const) {
      expect([name, args, await outcomeOf(fs(name, ...args))]).toEqual([name, args, 'INVALID_PATH']);
    }
    expect(readFileSync(database, 'utf8')).toBe('SECRET');
  });

  test('keep their names before there are such files, in whichever case, for SQLite rolls in what it finds', async () => {
    const { fs, worktree } = protectedWorld();
    mkdirSync(join(worktree, 'empty'));
    symlinkSync('inner/host.db-journal', join(worktree, 'to-journal'));
    for (const name of ['inner/host.db-journal', 'inner/HOST.db-Journal', 'inner/host.db-journal.', 'to-journal']) {
      for (const [operation, ...args] of [
        ['writeFile', name, 'x'],
        ['writeFile', name, 'x', { flag: 'wx' }],
        ['appendFile', name, 'x'],
        ['copyFile', 'file.txt', name],
      ] as const) {
        expect([name, operation, await outcomeOf(fs(operation, ...args))]).toEqual([name, operation, 'INVALID_PATH']);
      }
    }
    for (const [operation, ...args] of [
      ['mkdir', 'inner/host.db-journal'],
      ['mkdir', 'inner/host.db-journal', { recursive: true }],
      ['mkdir', 'inner/host.db-journal/deeper', { recursive: true }],
      ['rename', 'file.txt', 'inner/host.db-journal'],
      ['rename', 'empty', 'inner/host.db-journal'],
      ['rename', 'inner/host.db-journal', 'moved'],
      ['rm', 'inner/host.db-journal', { force: true }],
      ['unlink', 'inner/host.db-journal'],
    ] as const) {
      expect([operation, args, await outcomeOf(fs(operation, ...args))]).toEqual([operation, args, 'INVALID_PATH']);
    }
    expect(readdirSync(join(worktree, 'inner'))).toEqual(['host.db']);
    await fs('writeFile', 'inner/host.db2', 'x');
    await fs('writeFile', 'host.db-journal', 'x');
  });

  test('keep the folders that they are in or will be in: no other can be put in their place', async () => {
    const { worktree } = folders();
    const library = { path: join(worktree, 'cache', 'libraries'), isReadable: true };
    const fs = directFs({ worktree }, new ProtectedFiles([], [library]));
    await fs('mkdir', 'mine/libraries', { recursive: true });
    await fs('writeFile', 'mine/libraries/a.js', 'x');
    expect(await outcomeOf(fs('rename', 'mine', 'cache'))).toBe('INVALID_PATH');
    expect(await outcomeOf(fs('mkdir', 'cache/libraries', { recursive: true }))).toBe('INVALID_PATH');
    mkdirSync(join(worktree, 'cache'));
    expect(await outcomeOf(fs('rename', 'mine/libraries', 'cache/libraries'))).toBe('INVALID_PATH');
    expect(await outcomeOf(fs('mkdir', 'cache/libraries'))).toBe('INVALID_PATH');
    expect(readdirSync(join(worktree, 'cache'))).toEqual([]);
  });

  test('lie in folders of the host’s, which are not written at all, and read only where that gives nothing away', async () => {
    const { worktree } = folders();
    const paths = { cache: join(worktree, 'cache'), run: join(worktree, 'run') };
    for (const path of Object.values(paths)) {
      mkdirSync(join(path, 'deep'), { recursive: true });
      writeFileSync(join(path, 'deep', 'file'), 'text');
      writeFileSync(join(path, 'file'), 'text');
    }
    symlinkSync('run', join(worktree, 'link'));
    const fs = directFs(
      { worktree, capabilities: [capability('fs', 'deep', { path: join(paths.run, 'deep'), mode: 'rw' })] },
      new ProtectedFiles(
        [],
        [
          { path: paths.cache, isReadable: true },
          { path: paths.run, isReadable: false },
        ],
      ),
    );
    expect(await outcomeOf(fs('readFile', 'cache/file'))).toHaveProperty('answered');
    for (const path of ['run/file', 'run/deep/file', 'link/file', join(paths.run, 'deep/file')]) {
      expect([path, await outcomeOf(fs('readFile', path))]).toEqual([path, 'INVALID_PATH']);
    }
    expect(await outcomeOf(fs('readdir', 'run'))).toBe('INVALID_PATH');
    const listed = (await fs('readdir', '.', { recursive: true })).value;
    expect(JSON.stringify(listed)).toContain('"cache/deep"');
    expect(JSON.stringify(listed)).not.toContain('"run/deep"');
    for (const [operation, ...args] of ['cache', 'run'].flatMap((folder) => [
      ['writeFile', `${folder}/file`, 'x'],
      ['writeFile', `${folder}/new`, 'x'],
      ['appendFile', `${folder}/deep/file`, 'x'],
      ['copyFile', 'file.txt', `${folder}/new`],
      ['mkdir', `${folder}/new`],
      ['mkdir', `${folder}/new/er`, { recursive: true }],
      ['unlink', `${folder}/file`],
      ['rename', `${folder}/file`, 'moved'],
      ['rename', 'file.txt', `${folder}/new`],
      ['rename', folder, 'moved'],
      ['rm', folder, { recursive: true }],
      ['rm', `${folder}/deep`, { recursive: true }],
    ])) {
      expect([operation, args, await outcomeOf(fs(String(operation), ...args))]).toEqual([
        operation,
        args,
        'INVALID_PATH',
      ]);
    }
    for (const path of Object.values(paths)) expect(readdirSync(path).sort()).toEqual(['deep', 'file']);
  });

  test('keep their locks: a guest that asks for the database does not even have it opened', async () => {
    const { worktree } = folders();
    const database = join(worktree, 'locked.db');
    const { DatabaseSync } = await import('node:sqlite');
    const holder = new DatabaseSync(database);
    holder.exec('CREATE TABLE one (a); BEGIN EXCLUSIVE');
    const fs = directFs({ worktree }, new ProtectedFiles([database]));
    await outcomeOf(fs('readFile', 'locked.db'));
    await outcomeOf(fs('appendFile', 'locked.db', 'x'));
    await outcomeOf(fs('copyFile', 'locked.db', 'copy'));
    const other = `import { DatabaseSync } from 'node:sqlite';
      try { new DatabaseSync(${JSON.stringify(database)}).exec('BEGIN EXCLUSIVE'); console.log('taken'); } catch (error) { console.log(error.message); }`;
    const script = join(worktree, 'other.mjs');
    writeFileSync(script, other);
    const told = execFileSync(process.execPath, ['--no-warnings', script], { encoding: 'utf8' });
    holder.close();
    expect(told.trim()).toBe('database is locked');
  });
});
