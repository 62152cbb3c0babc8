import { expect, test } from 'vitest';
import { isGitName } from '#main/modules/paths/git-name';

test.each([
  '.git',
  '.GIT',
  '.gIt',
  '.g\u200cit',
  '.gi\u200dt',
  '\ufeff.git',
  '.git\u202e',
  '.\u2060git',
  '.g\u00adit',
  '.git\u034f',
  '.git.',
  '.git ',
  '.git. .',
  '.git:stream',
  '.git::$INDEX_ALLOCATION',
  'git~1',
  'GIT~12',
  '\uff0egit',
  '.ｇｉｔ',
])('%j is git’s to some file system', (name) => expect(isGitName(name)).toBe(true));

test.each(['.gitignore', '.github', 'git', '.gitmodules', 'a.git', '..git', 'git~', 'git~x', '.gi', '.git-old'])(
  '%j is not',
  (name) => expect(isGitName(name)).toBe(false),
);
