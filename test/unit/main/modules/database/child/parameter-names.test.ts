import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { parameterNames } from '#main/modules/database/child/parameter-names';

const nameless = undefined;

describe('the parameters of SQL', () => {
  test.each<[string, string, (string | undefined)[]]>([
    ['are none where there are none', 'SELECT 1', []],
    ['are counted', 'SELECT ?, ?', [nameless, nameless]],
    ['are as many as the highest number', 'SELECT ?3, ?', [nameless, nameless, nameless, nameless]],
    ['have their names once each', 'SELECT :a, @a, $a, :a', [':a', '@a', '$a']],
    ['have names as Tcl writes them', 'SELECT $a::b(c)', ['$a::b(c)']],
    ['have names in any language', 'SELECT :größe', [':größe']],
    ['are not in texts', `SELECT '?', 'it''s :a', "@b", \`?\`, [$c]`, []],
    ['are not in comments', 'SELECT 1 -- ?\n, /* :a\n? */ 2 /* ?', []],
    ['are not in names', 'SELECT a$b FROM (SELECT 1 AS a$b)', []],
    ['stand beside names and numbers', 'SELECT 1+?,1-:a', [nameless, ':a']],
  ])('%s', (_title, sql, names) => {
    expect(parameterNames(sql)).toEqual(names);
  });

  test('are those that SQLite finds', () => {
    const sql = `SELECT '?', :a, "x" || ?, @b /* ? */, $c::d(e), ?7, :a FROM (SELECT 1 AS x, 2 AS a$b) -- ?`;
    const values = parameterNames(sql).map((name, index) => [name ?? `?${index + 1}`, index]);
    const statement = new DatabaseSync(':memory:').prepare(sql);
    const named = Object.fromEntries(values.filter(([name]) => !String(name).startsWith('?')));
    expect(() => statement.get(named, 0, 1, 2, 3)).not.toThrow();
    expect(() => statement.get(named, 0, 1, 2, 3, 4)).toThrow('out of range');
  });

  test.each(['[', "'", '/*', '$', ':a('])('are found in time in SQL of nothing but %s', (piece) => {
    const startedMs = performance.now();
    parameterNames(piece.repeat(1_000_000));
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});
