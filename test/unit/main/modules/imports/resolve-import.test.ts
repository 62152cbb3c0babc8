import { describe, expect, test } from 'vitest';
import { GuestError } from '#core/guest-error';
import { type ImportRequest, type ResolverRules, resolveImport } from '#main/modules/imports/resolve-import';

const rules: ResolverRules = {
  templateName: 'analysis',
  knownModules: ['database', 'exec', 'fs'],
  grantedModules: ['fs'],
  roots: [],
  extensions: ['.js', '.mjs'],
  allowAbsolute: false,
};

interface Case extends Partial<ImportRequest> {
  readonly files?: readonly string[];
  readonly rules?: Partial<ResolverRules>;
}

async function resolve({ files = [], rules: changes, ...request }: Case) {
  const probed: string[] = [];
  const world = {
    isFile: async (path: string) => {
      probed.push(path);
      return files.includes(path);
    },
    libraries: async () => [
      { id: '@scope/kit', global: 'kit' },
      { id: 'lodash', global: '_' },
    ],
  };
  const whole: ImportRequest = { specifier: './a', importer: 'src/main.js', verb: 'import', ...request };
  const found = await resolveImport(whole, { ...rules, ...changes }, world).catch((error: unknown) => error);
  return { found, probed };
}

const file = (path: string) => ({ kind: 'file', path });

describe('a specifier names', () => {
  test.each<[string, Case, unknown]>([
    ['a file as it is', { specifier: './a.js', files: ['src/a.js'] }, file('src/a.js')],
    ['a file without its extension', { specifier: './a', files: ['src/a.mjs'] }, file('src/a.mjs')],
    ['the first extension that fits', { specifier: './a', files: ['src/a.mjs', 'src/a.js'] }, file('src/a.js')],
    [
      'extensions in the order of the template',
      { specifier: './a', files: ['src/a.js', 'src/a.ts'], rules: { extensions: ['.ts', '.js'] } },
      file('src/a.ts'),
    ],
    ['a file rather than a folder', { specifier: './a', files: ['src/a/index.js', 'src/a.js'] }, file('src/a.js')],
    ['the index of a folder', { specifier: './a', files: ['src/a/index.mjs'] }, file('src/a/index.mjs')],
    [
      'the folder where a slash says so',
      { specifier: './a/', files: ['src/a/index.js', 'src/a.js'] },
      file('src/a/index.js'),
    ],
    ["the importer's own folder", { specifier: '.', files: ['src/index.js'] }, file('src/index.js')],
    ['the folder above', { specifier: '..', files: ['index.js'] }, file('index.js')],
    ['a file above', { specifier: '../b.js', files: ['b.js'] }, file('b.js')],
    ['a detour that stays inside', { specifier: '../lib/../src/a.js', files: ['src/a.js'] }, file('src/a.js')],
    ['a file beside a cell', { specifier: './a', importer: 'cell 3', files: ['a.js'] }, file('a.js')],
    ['an extension nobody listed, in full', { specifier: './a.json', files: ['src/a.json'] }, file('src/a.json')],
    [
      'a file of a root',
      { specifier: 'util/math', files: ['lib/util/math.js'], rules: { roots: ['lib'] } },
      file('lib/util/math.js'),
    ],
    [
      'a file of the first root that has it',
      { specifier: 'x', files: ['b/x.js', 'c/x.js'], rules: { roots: ['a', './b/', 'c'] } },
      file('b/x.js'),
    ],
    [
      'a file of the worktree itself as a root',
      { specifier: 'x', files: ['x.js'], rules: { roots: ['.'] } },
      file('x.js'),
    ],
    [
      'a package below a root',
      { specifier: '@scope/x', files: ['node_modules/@scope/x/index.js'], rules: { roots: ['node_modules'] } },
      file('node_modules/@scope/x/index.js'),
    ],
    [
      'an absolute one, where allowed',
      { specifier: '/lib/x', files: ['lib/x.js'], rules: { allowAbsolute: true } },
      file('lib/x.js'),
    ],
    ['a native module', { specifier: 'fs' }, { kind: 'native', name: 'fs' }],
    ['a native module by its scheme', { specifier: 'node:fs' }, { kind: 'native', name: 'fs' }],
    [
      'a native module rather than a file',
      { specifier: 'fs', files: ['lib/fs.js'], rules: { roots: ['lib'] } },
      { kind: 'native', name: 'fs' },
    ],
    ['a library', { specifier: 'lodash' }, { kind: 'library', id: 'lodash', global: '_' }],
    [
      'a file that is named as the promises of fs',
      { specifier: 'fs/promises', files: ['lib/fs/promises.js'], rules: { roots: ['lib'] } },
      file('lib/fs/promises.js'),
    ],
    [
      'a file that is named as a library of the catalog',
      { specifier: 'dayjs', files: ['lib/dayjs.js'], rules: { roots: ['lib'] } },
      file('lib/dayjs.js'),
    ],
    ['a scoped library', { specifier: '@scope/kit' }, { kind: 'library', id: '@scope/kit', global: 'kit' }],
    [
      'a file whose name is one of Object.prototype',
      { specifier: './constructor', files: ['src/constructor.js'] },
      file('src/constructor.js'),
    ],
  ])('%s', async (_what, given, wanted) => {
    expect((await resolve(given)).found).toEqual(wanted);
  });
});

describe('a specifier is refused', () => {
  test.each<[string, Case, RegExp]>([
    ['that leaves the worktree', { specifier: '../../a.js' }, /leads out of the worktree/],
    ['that leaves it by a detour', { specifier: './x/../../../a.js' }, /leads out of the worktree/],
    ['that is just above it', { specifier: '../..' }, /leads out of the worktree/],
    ['that is absolute', { specifier: '/lib/x' }, /"analysis" does not allow absolute imports.*--absolute-imports on/],
    [
      'that is absolute and leaves',
      { specifier: '/../x', rules: { allowAbsolute: true } },
      /leads out of the worktree/,
    ],
    ['that is a URL', { specifier: 'https://example.org/x.js' }, /is a URL/],
    ['that is a drive', { specifier: 'c:/x.js' }, /is a URL/],
    ['with a backslash', { specifier: '.\\a.js' }, /backslash/],
    ['with a NUL', { specifier: './a\0.js' }, /NUL/],
    ['that is empty', { specifier: '' }, /empty/],
    ['that is too long', { specifier: `./${'x'.repeat(1024)}` }, /longer than 1024/],
    [
      'that is a module nobody granted',
      { specifier: 'exec', verb: 'require' },
      /^Cannot require "exec" from "src\/main\.js": Invalid module: it is not granted by the template "analysis".*--name exec/,
    ],
    [
      'that is a library of the catalog nobody added',
      { specifier: 'dayjs', verb: 'require' },
      /^Cannot require "dayjs" from "src\/main\.js": Invalid module: .*"analysis".*vm-system template add-library TEMPLATE --name dayjs-1\.11\.10/,
    ],
    ['that is the promises of fs', { specifier: 'node:fs/promises' }, /Invalid module: .*require\("fs"\)\.promises/],
    ['that is them without a scheme', { specifier: 'fs/promises' }, /Invalid module: .*require\("fs"\)\.promises/],
    [
      'that is absolute, and no file of the worktree',
      { specifier: '/home/me/x.js', rules: { allowAbsolute: true } },
      /"\/home\/me\/x\.js" means home\/me\/x\.js of the worktree, not a path of this machine; .*tried home\/me\/x\.js/,
    ],
    ['that is a module of Node', { specifier: 'node:os' }, /Invalid module: it is no native module/],
    ['that nobody knows', { specifier: 'left-pad' }, /Invalid module.*\(@scope\/kit, lodash\).*no roots/],
    [
      'that no root has',
      { specifier: 'x', rules: { roots: ['lib'] } },
      /tried lib\/x, lib\/x\.js, lib\/x\.mjs, lib\/x\/index\.js/,
    ],
    [
      'that is no file',
      { specifier: './x' },
      /tried src\/x, src\/x\.js, src\/x\.mjs, src\/x\/index\.js, src\/x\/index\.mjs$/,
    ],
  ])('%s', async (_what, given, message) => {
    const { found } = await resolve(given);
    expect(found).toBeInstanceOf(GuestError);
    expect(found).toMatchObject({ message: expect.stringMatching(message), fields: { code: 'MODULE_NOT_FOUND' } });
  });

  test('before a root that leads out is asked for anything', async () => {
    for (const root of ['..', '/etc', 'a/../..', '../../etc']) {
      const { probed } = await resolve({ specifier: 'passwd', rules: { roots: [root] } });
      expect(probed).toEqual([]);
    }
  });
});
