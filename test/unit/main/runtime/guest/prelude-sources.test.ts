/** What must not stand in the prelude's sources, because it would run what a guest has put in a global's place. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { freeNames } from '../../../../support/free-names.ts';

/** Globals that the language itself protects from being replaced or shadowed. */
const constants = ['undefined', 'NaN'];
const guestFolder = new URL('../../../../../src/main/runtime/guest/', import.meta.url);

describe('the sources of the prelude', () => {
  const sources = readdirSync(guestFolder).map((name) => ({
    name,
    source: readFileSync(new URL(name, guestFolder), 'utf8'),
  }));

  test('hold no template literal with a substitution, for it runs a method of the guest', () => {
    expect(sources.filter(({ source }) => source.includes('${'))).toEqual([]);
  });

  test.each(sources)('read no global that a guest may have replaced: $name', ({ name, source }) => {
    const { atLoad, later } = freeNames(source);
    const read = name === 'primordials.js' ? later : [...atLoad, ...later];
    expect(read.filter((global) => !constants.includes(global))).toEqual([]);
  });

  test('are known to read a global where they do', () => {
    const source =
      'const { a = b, [c]: d } = e; const f = (g, { h }) => { i(g.j, h, { k: l }); }; function m() { f(d, n); }';
    expect(freeNames(source)).toEqual({ atLoad: ['b', 'c', 'e'], later: ['i', 'l', 'n'] });
  });
});
