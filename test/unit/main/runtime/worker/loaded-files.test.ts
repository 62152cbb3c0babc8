import { describe, expect, test } from 'vitest';
import { guestName, LoadedFiles, withoutReading } from '#main/runtime/worker/loaded-files';

const read = (path: string, runNumber = 1) => ({ path, source: '', hash: path, runNumber });

describe('a file', () => {
  test('is named by its path, and by another name each time it is read again', () => {
    const files = new LoadedFiles();
    const names = [files.add(read('a.js')), files.add(read('a.js')), files.add(read('b.js'))].map(({ name }) => name);
    expect(names).toEqual(['a.js', 'a.js?v=2', 'b.js']);
    expect([files.named('a.js'), files.named('a.js?v=2')?.path]).toEqual([undefined, 'a.js']);
  });

  test('is forgotten with whatever imported it, directly or not, but what this run has read', () => {
    const files = new LoadedFiles();
    for (const path of ['a', 'b', 'c', 'other']) files.add(read(path));
    files.add(read('main', 2));
    files.noteImport('a', 'b');
    files.noteImport('b', 'c');
    files.noteImport('c', 'a'); // a circle
    files.noteImport('a', 'main');
    files.forgetChanged(['a'], 2);
    expect(files.all.map(({ path }) => path)).toEqual(['other', 'main']);
  });

  test('stays where an older reading of it is forgotten', () => {
    const files = new LoadedFiles();
    const old = files.add(read('a'));
    const present = files.add(read('a'));
    files.forget(old);
    expect(files.get('a')).toBe(present);
    files.forget(present);
    expect(files.get('a')).toBeUndefined();
  });
});

test("names of the prelude are nobody else's", () => {
  expect([guestName('vm:call.js'), guestName('lib/vm:call.js')]).toEqual(['./vm:call.js', 'lib/vm:call.js']);
});

test('the number of a reading is taken from a name, and nothing else is', () => {
  expect(['a.js?v=2', 'a.js', 'a?v=x.js', 'a?v=2.js'].map(withoutReading)).toEqual([
    'a.js',
    'a.js',
    'a?v=x.js',
    'a?v=2.js',
  ]);
});
