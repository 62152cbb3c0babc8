/** The fs module as guests write it: each case runs in a session and under Node, and both have to say the same. */
import fs, { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RuntimeHost } from '#core/ports';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { runCode } from '../../support/run-code.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';

let host: RuntimeHost;

beforeAll(() => {
  host = createRealRuntimeHost();
});
afterAll(() => host.close());

function filledWorktree(): string {
  const root = join(temporaryFolder(), 'work');
  mkdirSync(join(root, 'folder', 'inner'), { recursive: true });
  mkdirSync(join(root, 'empty'));
  writeFileSync(join(root, 'text.txt'), 'käse €');
  writeFileSync(join(root, 'bytes.bin'), new Uint8Array([0, 1, 0xfe, 0xff, 0x80]));
  writeFileSync(join(root, 'folder', 'a.txt'), 'a');
  writeFileSync(join(root, 'folder', 'inner', 'b.txt'), 'b');
  symlinkSync('folder', join(root, 'link'));
  symlinkSync('nowhere', join(root, 'dangling'));
  return root;
}

/** What a case may use beside `fs` and `root`, and how its outcome becomes JSON. */
const around = (code: string) => `
  const p = (path) => root + '/' + path;
  const bytes = (array) => Array.from(array);
  const kind = (stats) => ['isFile', 'isDirectory', 'isSymbolicLink'].filter((name) => stats[name]());
  const told = (error) => [error.name, error.message, error.code, error.syscall, error.path, error.dest];
  const attempt = (action) => { try { return action(); } catch (error) { return told(error); } };
  ${code}`;

async function inSession(root: string, code: string): Promise<unknown> {
  const runtime = await host.open(runtimeSpec({ modules: ['fs'], worktree: root }));
  try {
    const source = `(async (fs, root) => { ${around(code)} })(require('fs'), ${JSON.stringify(root)})
      .then((value) => console.log(JSON.stringify({ value })), (error) => console.log(JSON.stringify({ error: String(error) })))`;
    const { events, end } = await runCode(runtime, source);
    const [text] = events.flatMap((event) => (event.type === 'console' ? event.payload.text : []));
    return text === undefined ? end : JSON.parse(text);
  } finally {
    await runtime.close();
  }
}

async function underNode(root: string, code: string): Promise<unknown> {
  const run = new Function('fs', 'root', `return (async () => { ${around(code)} })()`);
  return JSON.parse(JSON.stringify({ value: await run(fs, root) }));
}

describe('as Node does', () => {
  test.each([
    [
      'text by name of an encoding',
      `return [fs.readFileSync(p('text.txt'), 'utf8'), fs.readFileSync(p('text.txt'), { encoding: 'UTF-8' })]`,
    ],
    [
      'texts of bytes',
      `return ['latin1', 'binary', 'ascii', 'base64', 'base64url', 'hex', 'utf16le', 'ucs2', 'utf8'].map((e) => fs.readFileSync(p('bytes.bin'), e))`,
    ],
    ['bytes', `return bytes(fs.readFileSync(p('bytes.bin'), null))`],
    [
      'texts of all encodings written',
      `return [['68c3a9', 'hex'], ['aGk=', 'base64'], ['é€', 'latin1'], ['é€', 'utf16le'], ['é\\ud800', 'utf8'], ['é', undefined]].map(([text, encoding]) => {
        fs.writeFileSync(p('new'), text, encoding);
        return bytes(fs.readFileSync(p('new'), null));
      })`,
    ],
    [
      'bytes written from every kind of view',
      `const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
      return [new Uint8Array(buffer), new Uint8Array(buffer, 2, 3), new Uint16Array(buffer, 2, 1), new DataView(buffer, 1, 2), new BigInt64Array(buffer), new Uint8Array()].map((data) => {
        fs.writeFileSync(p('new'), data);
        return bytes(fs.readFileSync(p('new'), null));
      })`,
    ],
    [
      'an empty file',
      `fs.writeFileSync(p('new'), ''); return [fs.readFileSync(p('new'), 'utf8'), bytes(fs.readFileSync(p('new'), null)), fs.statSync(p('new')).size]`,
    ],
    [
      'appending',
      `fs.appendFileSync(p('new'), 'a'); fs.appendFileSync(p('new'), new Uint8Array([98])); fs.writeFileSync(p('new'), 'c', { flag: 'a' }); return fs.readFileSync(p('new'), 'utf8')`,
    ],
    [
      'exclusive writing',
      `fs.writeFileSync(p('new'), 'a', { flag: 'wx' }); return [attempt(() => fs.writeFileSync(p('new'), 'b', { flag: 'wx' })), fs.readFileSync(p('new'), 'utf8')]`,
    ],
    [
      'modes',
      `fs.writeFileSync(p('new'), 'a', { mode: 0o600 }); fs.writeFileSync(p('new2'), 'a', { mode: '640' }); fs.mkdirSync(p('dir'), 0o700); return ['new', 'new2', 'dir'].map((name) => fs.statSync(p(name)).mode)`,
    ],
    [
      'what exists',
      `return ['text.txt', 'folder', 'link', 'dangling', 'none', 'text.txt/x', 'folder/'].map((name) => fs.existsSync(p(name)))`,
    ],
    [
      'what is no path does not exist',
      `return [fs.existsSync(), fs.existsSync(null), fs.existsSync(''), fs.existsSync('\\0')]`,
    ],
    [
      'kinds',
      `return ['text.txt', 'folder', 'link'].map((name) => [kind(fs.statSync(p(name))), kind(fs.lstatSync(p(name)))])`,
    ],
    [
      'sizes and times',
      `const s = fs.statSync(p('text.txt')); return [s.size, s.nlink, s.mode, s.mtimeMs, s.mtime, s.birthtime instanceof Date, fs.lstatSync(p('link')).size]`,
    ],
    [
      'no entry where that is asked for',
      `return [fs.statSync(p('none'), { throwIfNoEntry: false }), fs.lstatSync(p('none/x'), { throwIfNoEntry: false })].map((stats) => stats === undefined)`,
    ],
    [
      'listing',
      `return [fs.readdirSync(p('folder')).sort(), fs.readdirSync(p('empty')), fs.readdirSync(p('link')).sort()]`,
    ],
    ['listing all beneath', `return fs.readdirSync(p('folder'), { recursive: true }).sort()`],
    [
      'listing with kinds',
      `return fs.readdirSync(root, { withFileTypes: true }).map((e) => [e.name, e.parentPath, kind(e)]).sort()`,
    ],
    [
      'listing all beneath with kinds',
      `return fs.readdirSync(p('folder'), { withFileTypes: true, recursive: true }).map((e) => [e.name, e.parentPath, kind(e)]).sort()`,
    ],
    [
      'making folders',
      `return [fs.mkdirSync(p('x')), fs.mkdirSync(p('y/z/../q'), { recursive: true }), fs.mkdirSync(p('folder'), { recursive: true }), fs.mkdirSync(p('folder/deep/er'), { recursive: true }), fs.readdirSync(p('y'), { recursive: true }).sort(), fs.readdirSync(p('folder')).sort()]`,
    ],
    [
      'removing',
      `fs.rmSync(p('text.txt')); fs.rmSync(p('folder'), { recursive: true }); fs.rmSync(p('none'), { force: true }); fs.rmSync(p('link')); fs.unlinkSync(p('dangling')); fs.rmdirSync(p('empty')); return fs.readdirSync(root, { recursive: true })`,
    ],
    [
      'renaming',
      `fs.renameSync(p('text.txt'), p('empty/moved')); fs.renameSync(p('folder'), p('empty2')); fs.renameSync(p('bytes.bin'), p('empty2/a.txt')); return [fs.readdirSync(root, { recursive: true }).sort(), bytes(fs.readFileSync(p('empty2/a.txt'), null))]`,
    ],
    [
      'copying',
      `fs.copyFileSync(p('text.txt'), p('copy')); fs.copyFileSync(p('bytes.bin'), p('copy')); return [bytes(fs.readFileSync(p('copy'), null)), attempt(() => fs.copyFileSync(p('text.txt'), p('copy'), fs.constants.COPYFILE_EXCL))]`,
    ],
    [
      'access',
      `return [fs.accessSync(p('text.txt')), fs.accessSync(p('folder'), fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK), attempt(() => fs.accessSync(p('none'))), attempt(() => fs.accessSync(p('text.txt'), fs.constants.X_OK))]`,
    ],
    [
      'real paths',
      `return [fs.realpathSync(p('link/a.txt')), fs.realpathSync(p('.')), fs.realpathSync(p('folder/../text.txt'))]`,
    ],
    ['steps up', `return fs.readFileSync(p('folder/inner/../../link/../text.txt'), 'utf8')`],
    [
      'errors',
      `return [
        () => fs.readFileSync(p('none'), 'utf8'),
        () => fs.readFileSync(p('text.txt/none'), 'utf8'),
        () => fs.readFileSync(p('dangling'), 'utf8'),
        () => fs.writeFileSync(p('none/x'), ''),
        () => fs.writeFileSync(p('folder'), ''),
        () => fs.appendFileSync(p('none/x'), ''),
        () => fs.statSync(p('none')),
        () => fs.lstatSync(p('none')),
        () => fs.readdirSync(p('none')),
        () => fs.readdirSync(p('text.txt')),
        () => fs.mkdirSync(p('folder')),
        () => fs.mkdirSync(p('none/x')),
        () => fs.mkdirSync(p('text.txt'), { recursive: true }),
        () => fs.unlinkSync(p('none')),
        () => fs.unlinkSync(p('folder')),
        () => fs.rmdirSync(p('none')),
        () => fs.rmdirSync(p('folder')),
        () => fs.rmdirSync(p('text.txt')),
        () => fs.renameSync(p('none'), p('x')),
        () => fs.renameSync(p('text.txt'), p('none/x')),
        () => fs.renameSync(p('text.txt'), p('folder')),
        () => fs.renameSync(p('empty'), p('folder')),
        () => fs.renameSync(p('folder'), p('folder/inner/x')),
        () => fs.copyFileSync(p('none'), p('x')),
        () => fs.copyFileSync(p('text.txt'), p('none/x')),
      ].map(attempt)`,
    ],
    [
      'promises',
      `await fs.promises.mkdir(p('m/n'), { recursive: true });
      await fs.promises.writeFile(p('m/n/f'), 'text');
      await Promise.all(['1', '2', '3'].map((text) => fs.promises.appendFile(p('m/n/' + text), text)));
      await fs.promises.copyFile(p('m/n/f'), p('m/n/g'));
      await fs.promises.rename(p('m/n/g'), p('m/n/h'));
      await fs.promises.access(p('m/n/h'));
      const listed = (await fs.promises.readdir(p('m/n'))).sort();
      const facts = [(await fs.promises.stat(p('m/n/h'))).size, kind(await fs.promises.lstat(p('link'))), await fs.promises.realpath(p('m/n/f'))];
      await fs.promises.unlink(p('m/n/1'));
      await fs.promises.rm(p('m'), { recursive: true });
      await fs.promises.rmdir(p('empty'));
      return [listed, facts, await fs.promises.readFile(p('text.txt'), 'utf8'), await fs.promises.readFile(p('none')).catch(told), (await fs.promises.readdir(root)).sort()]`,
    ],
    ['names of the functions', `return [fs.readFileSync.name, fs.existsSync.name, fs.promises.readFile.name]`],
  ])('%s', async (_title, code) => {
    const [expected, actual] = [filledWorktree(), filledWorktree()];
    const node = JSON.stringify(await underNode(expected, code)).replaceAll(expected, 'ROOT');
    const guest = JSON.stringify(await inSession(actual, code)).replaceAll(actual, 'ROOT');
    const times = /"\d{4}-\d\d-\d\dT[\d:.]+Z"|\d{13}(\.\d+)?/g;
    expect(JSON.parse(guest.replace(times, '"TIME"'))).toEqual(JSON.parse(node.replace(times, '"TIME"')));
  });
});

describe('apart from Node', () => {
  test('reading without an encoding gives text, and "buffer" gives bytes', async () => {
    const code = `return [fs.readFileSync(p('text.txt')), fs.readFileSync('text.txt', {}), fs.readFileSync('text.txt', 'buffer') instanceof Uint8Array, await fs.promises.readFile('text.txt')]`;
    expect(await inSession(filledWorktree(), code)).toEqual({ value: ['käse €', 'käse €', true, 'käse €'] });
  });

  test('a recursive listing names links and does not enter them', async () => {
    const code = `return fs.readdirSync('.', { recursive: true }).filter((name) => name.startsWith('link'))`;
    expect(await inSession(filledWorktree(), code)).toEqual({ value: ['link'] });
  });

  test('relative paths are the worktree’s, and stay relative in errors', async () => {
    const code = `return [fs.readdirSync('.'), fs.readdirSync('./folder/'), attempt(() => fs.readFileSync('none'))]`;
    expect(await inSession(filledWorktree(), code)).toEqual({
      value: [
        ['bytes.bin', 'dangling', 'empty', 'folder', 'link', 'text.txt'],
        ['a.txt', 'inner'],
        ['Error', "ENOENT: no such file or directory, open 'none'", 'ENOENT', 'open', 'none', null],
      ],
    });
  });

  test('what is no path, no data, no encoding and no option is refused by name', async () => {
    const code = `return [() => fs.readFileSync(), () => fs.readFileSync(7), () => fs.writeFileSync('x'), () => fs.writeFileSync('x', {}), () => fs.renameSync('x'), () => fs.readFileSync('text.txt', 'klingon'), () => fs.readFileSync('text.txt', 7), () => fs.mkdirSync('x', { mode: {} }), () => fs.writeFileSync('x', '', { flag: 'r+' })]
      .map((action) => { try { return action(); } catch (error) { return [error instanceof TypeError, error.code]; } })`;
    const type = [true, 'ERR_INVALID_ARG_TYPE'];
    const value = [true, 'ERR_INVALID_ARG_VALUE'];
    expect(await inSession(filledWorktree(), code)).toEqual({
      value: [type, type, type, type, type, value, type, type, value],
    });
  });

  test('what the confinement refuses says the rule', async () => {
    const code = `return attempt(() => fs.readFileSync('../x'))`;
    expect(await inSession(filledWorktree(), code)).toEqual({
      value: [
        'Error',
        expect.stringContaining('The path "../x" cannot be used: it leaves the worktree, which the template "test"'),
        'INVALID_PATH',
        'open',
        '../x',
        null,
      ],
    });
  });

  test('a guest that has broken every built-in breaks nothing but itself', async () => {
    const code = `
      const { writeFileSync, readFileSync, statSync, readdirSync, promises } = fs;
      const { stringify } = JSON;
      const from = Array.from;
      const types = [Array, String, Uint8Array, Promise, Date, ArrayBuffer];
      for (let index = 0; index < types.length; index += 1) {
        const type = types[index];
        const keys = Reflect.ownKeys(type.prototype);
        for (let index = 0; index < keys.length; index += 1) {
          const key = keys[index];
          if (key === 'constructor' || key === 'then' || key === '__proto__') continue;
          try { Reflect.defineProperty(type.prototype, key, { configurable: true, get() { throw new Error('broken ' + String(key)); } }); } catch {}
        }
      }
      writeFileSync('new', 'text');
      const size = statSync('new').size;
      const isListed = readdirSync('empty').length === 0;
      const text = await promises.readFile('new');
      return readFileSync('new') + size + isListed + text;`;
    expect(await inSession(filledWorktree(), code)).toEqual({ value: 'text4truetext' });
  });
});
