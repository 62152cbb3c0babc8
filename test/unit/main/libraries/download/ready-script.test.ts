import { expect, it } from 'vitest';
import { findReadyScript } from '#main/libraries/download/ready-script';

const umd = (global: string) =>
  `(function (g, f) { typeof exports === 'object' ? module.exports = f() : g.${global} = f(); })(this, function () {});`;

/** The path of the file that is taken for the library `lib`. */
function pick(files: Record<string, string>, manifest: object = {}): string | undefined {
  const texts = Object.entries({ 'package.json': JSON.stringify(manifest), ...files });
  const bytes = new Map(texts.map(([path, text]) => [path, Buffer.from(text)]));
  return findReadyScript({ name: 'lib', global: 'lib' }, bytes)?.path;
}

it('takes the first file that fits: unpkg, jsdelivr, browser, the usual ones, main', () => {
  const manifest = { unpkg: './u.js', jsdelivr: 'j.js', browser: 'b.js', main: 'm.js' };
  const order = ['u.js', 'j.js', 'b.js', 'dist/lib.min.js', 'lib.min.js', 'min/lib.min.js', 'dist/lib.umd.js', 'm.js'];
  for (const first of order.keys()) {
    const files = Object.fromEntries(order.slice(first).map((path) => [path, umd('lib')]));
    expect(pick(files, manifest)).toBe(order[first]);
  }
});

it('takes index.js for the main file where none is named, and passes over fields of a wrong kind', () => {
  expect(pick({ 'index.js': umd('lib') }, { unpkg: 7, browser: { './a.js': false } })).toBe('index.js');
});

it('knows the file of a scoped package by its last word', () => {
  const files = new Map([
    ['package.json', Buffer.from('{}')],
    ['dist/lib.min.js', Buffer.from(umd('lib'))],
  ]);
  expect(findReadyScript({ name: '@scope/lib', global: 'lib' }, files)?.path).toBe('dist/lib.min.js');
});

const scripts: [what: string, text: string, isReady: boolean][] = [
  ['a UMD script', umd('lib'), true],
  [
    'a minified one',
    '!function(e,t){"object"==typeof exports?t(exports):t((e||self).lib={})}(this,function(){});',
    true,
  ],
  ['a script of a global variable', 'var lib = (() => ({}))();', true],
  ['a script of a global function', '"use strict";\nfunction lib() {}', true],
  ['one that requires by a name made at run time', `${umd('lib')} function load(n) { require('./locale/' + n) }`, true],
  ['one that asks a loader of its own', `${umd('lib')} var free = {}; free.require && free.require('util');`, true],
  ['one for pages only', '(() => { window.lib = {}; })();', false],
  ['one that asks for a page first', `${umd('lib')} if (typeof window < 'u') window.lib = 1;`, true],
  ['another global', umd('library'), false],
  [
    'a field of that name in the midst of a large script',
    `${umd('library')}${' '.repeat(3000)}e.lib = 1;${' '.repeat(3000)}`,
    false,
  ],
  ['a comparison with the global', 'if (this.lib == 1) this.other = 2;', false],
  ['a CommonJS module', 'function lib() {}\nlib.lib = lib;\nmodule.exports = lib;\nexports.lib = lib;', false],
  ['an ES module', 'var lib = 1;\nexport { lib };', false],
  ['a module that imports', 'import x from "x";\nvar lib = x;', false],
  ['UMD that requires another package', `${umd('lib')} var react = require('react');`, false],
  ['what does not parse', 'var lib = {', false],
];

it.each(scripts)('judges %s by its text', (_, text, isReady) => {
  expect(pick({ 'index.js': text })).toBe(isReady ? 'index.js' : undefined);
});

it('takes a global with a dollar sign for what it says', () => {
  const find = (text: string) =>
    findReadyScript(
      { name: 'lib', global: '$' },
      new Map([
        ['package.json', Buffer.from('{}')],
        ['index.js', Buffer.from(text)],
      ]),
    );
  expect(find(umd('$'))?.path).toBe('index.js');
  expect(find(umd('x'))).toBeUndefined();
});

it('passes over bytes that are no text', () => {
  const files = new Map([
    ['package.json', Buffer.from('{}')],
    ['index.js', Buffer.concat([Buffer.from(umd('lib')), Buffer.from([0xff])])],
  ]);
  expect(findReadyScript({ name: 'lib', global: 'lib' }, files)).toBeUndefined();
});

it('refuses a package without a package.json that can be read', () => {
  expect(() => pick({ 'package.json': '{' })).toThrow('no package.json that can be read');
});
