import { describe, expect, test } from 'vitest';
import { checkGuestPath, checkRelativePath } from '#main/modules/paths/path-text';

const refused = expect.objectContaining({ code: 'INVALID_PATH' });

describe('names that mean something else to Windows are refused there, and only there', () => {
  test.each([
    'CON',
    'con.txt',
    'Prn.tar.gz',
    'aux',
    'nul',
    'NUL .txt',
    'com1',
    'COM9.log',
    'com¹',
    'lpt1.txt',
    'LPT0',
    'CONIN$',
    'file.txt:stream',
    'file.txt::$DATA',
    'inner:$I30:$INDEX_ALLOCATION/file.txt',
    'file.',
    'file ',
    'file. .',
    '...',
    'inner./file.txt',
    'PROGRA~1/file.txt',
    'GIT~1/config',
    'FILE~12.TXT',
    'a<b',
    'a>b',
    'a|b',
    'a"b',
    'what?',
    'all*',
  ])('%s', (name) => {
    for (const path of [name, `inner/${name}`]) {
      expect(() => checkRelativePath(path, 'win32')).toThrow(refused);
      expect(() => checkGuestPath(path, 'win32')).toThrow(refused);
      expect(() => checkGuestPath(path, 'linux')).not.toThrow();
    }
  });

  test.each(['console.txt', 'nullable', 'com10', 'auxiliary.js', 'a~b', '.hidden', 'a.b.c', 'com'])(
    '%s is a name',
    (name) => {
      expect(checkRelativePath(name, 'win32')).toEqual([name]);
      expect(checkGuestPath(name, 'win32')).toBe(name);
    },
  );
});

describe('absolute paths of Windows', () => {
  test.each(['C:\\work\\file.txt', 'C:/work/file.txt'])('%s is a guest’s, with slashes', (path) => {
    expect(checkGuestPath(path, 'win32')).toBe('C:/work/file.txt');
  });

  test.each(['\\\\?\\C:\\work\\file.txt', '//?/C:/work/file.txt', 'C:file.txt', 'C:\\work\\C:\\file.txt'])(
    '%s is nobody’s',
    (path) => {
      expect(() => checkGuestPath(path, 'win32')).toThrow(refused);
      expect(() => checkRelativePath(path, 'win32')).toThrow(refused);
    },
  );
});

test('a guest’s path may go up, and is neither empty, nor long, nor has it NULs or backslashes', () => {
  expect(checkGuestPath('a/../b', 'linux')).toBe('a/../b');
  for (const path of ['', 'a\0', 'a\\b', 'a'.repeat(1025)])
    expect(() => checkGuestPath(path, 'linux')).toThrow(refused);
});
