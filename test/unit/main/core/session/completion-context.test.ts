// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code with templates is what is tested
import { describe, expect, test } from 'vitest';
import { contextAt, wordsOf } from '#core/session/completion-context';

/** The caret stands where the bar is. */
function at(marked: string) {
  const cursor = marked.indexOf('|');
  const code = marked.slice(0, cursor) + marked.slice(cursor + 1);
  const { context, from, to } = contextAt(code, cursor);
  return { ...context, replaced: code.slice(from, to) };
}

const name = (prefix: string, replaced = prefix) => ({ kind: 'name', prefix, replaced });
const member = (chain: string[], prefix: string, replaced = prefix) => ({ kind: 'member', chain, prefix, replaced });
const module = (prefix: string, replaced = prefix) => ({ kind: 'module', prefix, replaced });
const nothing = { kind: 'nothing', replaced: '' };

describe('at the caret', () => {
  test.each([
    ['|', name('')],
    ['pri|', name('pri')],
    ['pri|nt(1)', name('pri', 'print')],
    ['const x = pri|', name('pri')],
    ['größe|', name('größe')],
    ['$da|', name('$da')],
    ['a.|', member(['a'], '')],
    ['a.b.c|', member(['a', 'b'], 'c')],
    ['a?.b?.c|d', member(['a', 'b'], 'c', 'cd')],
    ['x = a .\n  b|', member(['a'], 'b')],
    ['f(a.b|', member(['a'], 'b')],
    ['this.|', member(['this'], '')],
    ['a[0].b|', member(['a', '0'], 'b')],
    ['a["k"].|', member(['a', 'k'], '')],
    ['"text".pad|', member(['String', 'prototype'], 'pad')],
    ['/x/g.te|', member(['RegExp', 'prototype'], 'te')],
    ['`text`.pad|', member(['String', 'prototype'], 'pad')],
    ['x = `a ${b} c`.pad|', member(['String', 'prototype'], 'pad')],
    ['[1, 2].ma|', member(['Array', 'prototype'], 'ma')],
    ['return [f(1), [2]].|', member(['Array', 'prototype'], '')],
    ['(user).na|', member(['user'], 'na')],
    ['g(((user.at))?.na|', member(['user', 'at'], 'na')],
    ['([1]).ma|', member(['Array', 'prototype'], 'ma')],
    ['(`plain`).to|', member(['String', 'prototype'], 'to')],
    ['`in ${(user).na|', member(['user'], 'na')],
    ['(1n).|', member(['BigInt', 'prototype'], '')],
    ['user?.["at"].na|', member(['user', 'at'], 'na')],
    ['user?.["na|', member(['user'], 'na')],
    ['(user).at.deep.|', member(['user', 'at', 'deep'], '')],
    ['require("fs").rea|', member(['native:fs'], 'rea')],
    ["require('node:fs').promises.|", member(['native:node:fs', 'promises'], '')],
    ['user.require("fs").rea|', nothing],
    ['user["na|', member(['user'], 'na')],
    ["f(user.at['na|me'])", member(['user', 'at'], 'na', 'name')],
    ['(user)["|"]', member(['user'], '')],
    ['x = ["na|', nothing],
    ['{}["na|', nothing],
    ['user[a + "na|', nothing],
    ['f(a).|', nothing],
    ['g((user.at))?.na|', nothing],
    ['f[1](a).|', nothing],
    ['a = b\n(c, d).|', nothing],
    ['f(a)[1].|', nothing],
    ['({ a }).|', nothing],
    ['a).|', nothing],
    ['1].|', nothing],
    ['f().|', nothing],
    ['a[i].|', nothing],
    ['(a + b).|', nothing],
    ['1.|', nothing],
    ['x = 12|', nothing],
    ['require("|', module('')],
    ["require('f|')", module('f')],
    ["require('f|s')", module('f', 'fs')],
    ['import x from "lo|', module('lo')],
    ['import "lo|', module('lo')],
    ['await import("|")', module('')],
    ['console.log("a|', nothing],
    ['"closed" + a|', name('a')],
    ['// a|', nothing],
    ['/* a| */', nothing],
    ['/* a */ b|', name('b')],
    ['a / b / c|', name('c')],
    ['x = /a"b/; c|', name('c')],
    ['`text a|', nothing],
    ['`text ${a|', name('a')],
    ['`text ${a.b|} more`', member(['a'], 'b')],
    ['`text ${{ a: 1 }} more|`', nothing],
    ['`one` + a|', name('a')],
    ['if (x) { y.|', member(['y'], '')],
    ['unclosed = "line\nnext|', name('next')],
  ])('%s', (marked, expected) => {
    expect(at(marked)).toEqual(expected);
  });
});

test('the words of some code are all but those at the caret, in texts, in comments and after dots', () => {
  const code = 'const total = 1; function add(left) { return left + total.size; } // word\n"text"; class Box {} to';
  const words = wordsOf(code, { from: code.length - 2, to: code.length });
  expect([...words].filter(([, declared]) => declared !== '')).toEqual([
    ['total', 'const'],
    ['add', 'function'],
    ['left', 'return'],
    ['Box', 'class'],
  ]);
  expect([...words.keys()]).not.toEqual(expect.arrayContaining(['to']));
  expect(words.has('size') || words.has('word') || words.has('text')).toBe(false);
});

test('hostile code takes no long time', () => {
  const startedMs = performance.now();
  for (const code of [
    '/'.repeat(2e5),
    '`${'.repeat(6e4),
    '"\\'.repeat(1e5),
    'a.'.repeat(1e5),
    '/*'.repeat(1e5),
    '['.repeat(2e5),
    '(/['.repeat(6e4),
    '(/a'.repeat(6e4),
    `${'('.repeat(1e5)}a${')'.repeat(1e5)}.`,
    `${'[1].a, '.repeat(5e4)}[1].`,
    `${'['.repeat(1e5)}${']'.repeat(1e5)}.`,
    `a${'[1]'.repeat(5e4)}.`,
  ]) {
    contextAt(code, code.length);
    wordsOf(code, { from: code.length, to: code.length });
  }
  expect(performance.now() - startedMs).toBeLessThan(10_000);
});
