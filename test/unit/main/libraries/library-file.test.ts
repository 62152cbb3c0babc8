import { expect, it } from 'vitest';
import { isLibraryName, libraryFile, libraryOfFile } from '#main/libraries/library-file';

it.each(['lodash-4.17.21', '@scope/name-1.0.0', 'a-1.0.0-rc.1+build.5', '_-1.0.0', 'a.b-1.0.0'])(
  'makes %s a file name and back',
  (name) => {
    expect(isLibraryName(name)).toBe(true);
    expect(libraryFile(name)).not.toContain('/');
    expect(libraryOfFile(`${libraryFile(name)}.js`)).toBe(name);
  },
);

it.each(['a.json', 'a.js.7.tmp', '.a.js', '@+a.js', 'A.js', '@a+..js/b.js'])('takes %s for no library', (file) => {
  expect(libraryOfFile(file)).toBeUndefined();
});

it('refuses a name that no file system might take', () => {
  expect(isLibraryName('a'.repeat(300))).toBe(false);
});
