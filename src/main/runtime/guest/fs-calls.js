// @ts-check
/**
 * The operations of `fs`: what each asks of the host for the arguments that Node's function of that name takes, and what
 * it makes of the answer. The same for the functions that wait and for those that promise.
 */
import { bufferOf, bytesOf } from './bytes.js';
import { Dirent, Stats } from './fs-stats.js';
import { display } from './inspect.js';
import { append, bareList, defineProperty, natives, plainArray, stringToLowerCase, toInteger } from './primordials.js';

/** @typedef {import('./call.js').Reply} Reply */
/** @typedef {Record<string, unknown>} Argument */
/** @typedef {[folder: string, name: string, mode: number]} Entry in a folder beneath the one that is listed, or in it */
/** @typedef {{ readonly operation: string, readonly argument: Argument, readonly bytes?: ArrayBuffer | undefined, readonly text?: string | undefined, readonly withFileTypes?: boolean }} Request */
/** @typedef {{ readonly ask: (first: unknown, second: unknown, third: unknown) => Request, readonly answer: (reply: Reply, request: Request) => unknown }} FileCall */

export const constants = { F_OK: 0, X_OK: 1, W_OK: 2, R_OK: 4, COPYFILE_EXCL: 1 };

const newFileMode = 0o666;
const newFolderMode = 0o777;

const nothing = () => undefined;
const valueIn = (/** @type {Reply} */ { value }) => value;

/** @type {(operation: string, answer: FileCall['answer']) => FileCall} */
const withPath = (operation, answer) => ({
  ask: (path) => ({ operation, argument: { path: pathOf(path, 'path') } }),
  answer,
});

/** @type {(operation: string) => FileCall} */
const statCall = (operation) => ({
  ask(path, options) {
    const isOptional = optionOf(options, 'throwIfNoEntry') === false;
    return { operation, argument: { path: pathOf(path, 'path'), isOptional } };
  },
  answer: ({ value }) => (value === null ? undefined : new Stats(/** @type {import('./fs-stats.js').Facts} */ (value))),
});

/** @type {(flag: string) => FileCall} */
const writeCall = (flag) => ({
  ask(path, data, options) {
    const text = typeof data === 'string' ? data : undefined;
    const bytes = text === undefined ? (bytesOf(data) ?? refuse('data', 'a string or bytes', data)) : undefined;
    const argument = {
      path: pathOf(path, 'path'),
      encoding: text === undefined ? null : (encodingOf(options) ?? 'utf8'),
      mode: modeOf(optionOf(options, 'mode'), newFileMode),
      flag: textOption(options, 'flag', flag),
    };
    return { operation: 'writeFile', argument, text, bytes: bytes === undefined ? undefined : bufferOf(bytes) };
  },
  answer: nothing,
});

/** @type {Record<string, FileCall>} */
export const fileCalls = {
  /** Without an encoding this reads text, unlike Node's: scripts of earlier versions rely on it. `null` gives bytes. */
  readFile: {
    ask: (path, options) => ({
      operation: 'readFile',
      argument: { path: pathOf(path, 'path'), encoding: encodingOf(options) },
    }),
    answer: ({ bytes, text }, { argument }) =>
      argument.encoding === null ? new natives.Uint8Array(bytes ?? new natives.ArrayBuffer(0)) : text,
  },
  writeFile: writeCall('w'),
  appendFile: writeCall('a'),
  copyFile: {
    ask: (path, dest, mode) => ({
      operation: 'copyFile',
      argument: {
        path: pathOf(path, 'src'),
        dest: pathOf(dest, 'dest'),
        isExclusive: typeof mode === 'number' && (mode & constants.COPYFILE_EXCL) !== 0,
      },
    }),
    answer: nothing,
  },
  rename: {
    ask: (path, dest) => ({
      operation: 'rename',
      argument: { path: pathOf(path, 'oldPath'), dest: pathOf(dest, 'newPath') },
    }),
    answer: nothing,
  },
  stat: statCall('stat'),
  lstat: statCall('lstat'),
  access: {
    ask: (path, mode) => ({
      operation: 'access',
      argument: { path: pathOf(path, 'path'), mode: typeof mode === 'number' ? mode & 7 : 0 },
    }),
    answer: nothing,
  },
  realpath: withPath('realpath', valueIn),
  readdir: {
    ask: (path, options) => ({
      operation: 'readdir',
      argument: {
        path: pathOf(path, 'path'),
        isRecursive: optionOf(options, 'recursive') === true,
      },
      withFileTypes: optionOf(options, 'withFileTypes') === true,
    }),
    answer: ({ value }, { argument, withFileTypes }) =>
      entriesOf(/** @type {Entry[]} */ (value), /** @type {string} */ (argument.path), withFileTypes === true),
  },
  mkdir: {
    ask(path, options) {
      const isMode = typeof options === 'number' || typeof options === 'string';
      const mode = modeOf(isMode ? options : optionOf(options, 'mode'), newFolderMode);
      const isRecursive = optionOf(options, 'recursive') === true;
      return { operation: 'mkdir', argument: { path: pathOf(path, 'path'), isRecursive, mode } };
    },
    answer: ({ value }) => value ?? undefined,
  },
  rm: {
    ask: (path, options) => ({
      operation: 'rm',
      argument: {
        path: pathOf(path, 'path'),
        isRecursive: optionOf(options, 'recursive') === true,
        isForced: optionOf(options, 'force') === true,
      },
    }),
    answer: nothing,
  },
  rmdir: withPath('rmdir', nothing),
  unlink: withPath('unlink', nothing),
};

/** `existsSync` alone has no sibling that promises, and nothing makes it throw. */
export const existsCall = {
  ask: (/** @type {unknown} */ path) => ({
    operation: 'exists',
    argument: { path: typeof path === 'string' ? path : '' },
  }),
  answer: valueIn,
};

/** @type {(path: unknown, name: string) => string} */
function pathOf(path, name) {
  return typeof path === 'string' ? path : refuse(name, 'a string', path);
}

/** @type {(options: unknown, name: string) => unknown} */
function optionOf(options, name) {
  return typeof options === 'object' && options !== null
    ? /** @type {Record<string, unknown>} */ (options)[name]
    : undefined;
}

/** @type {(options: unknown, name: string, byDefault: string) => string} */
function textOption(options, name, byDefault) {
  const given = optionOf(options, name);
  if (given === undefined || given === null) return byDefault;
  return typeof given === 'string' ? given : refuse(name, 'a string', given);
}

/** @returns {string | null} null for bytes */
function encodingOf(/** @type {unknown} */ options) {
  const given = typeof options === 'object' && options !== null ? optionOf(options, 'encoding') : options;
  if (given === undefined) return 'utf8';
  if (given === null) return null;
  const encoding = typeof given === 'string' ? stringToLowerCase(given) : refuse('encoding', 'a string', given);
  return encoding === 'buffer' ? null : encoding;
}

/** @type {(mode: unknown, byDefault: number) => number} */
function modeOf(mode, byDefault) {
  if (mode === undefined || mode === null) return byDefault;
  const bits = typeof mode === 'string' ? toInteger(mode, 8) : mode;
  return typeof bits === 'number' && bits >= 0 ? bits & 0o777 : refuse('mode', 'a number or an octal string', mode);
}

/** @type {(entries: Entry[], path: string, withFileTypes: boolean) => unknown} */
function entriesOf(entries, path, withFileTypes) {
  const list = bareList(/** @type {unknown[]} */ ([]));
  for (let index = 0; index < entries.length; index += 1) {
    const entry = /** @type {Entry} */ (entries[index]);
    append(list, withFileTypes ? direntOf(entry, path) : pathIn(entry[0], entry[1]));
  }
  return plainArray(list);
}

/** @type {(entry: Entry, path: string) => Dirent} */
const direntOf = (entry, path) => new Dirent(entry[1], entry[0] === '' ? path : pathIn(path, entry[0]), entry[2]);

const pathIn = (/** @type {string} */ folder, /** @type {string} */ name) =>
  folder === '' ? name : folder + '/' + name;

/** @type {(name: string, expected: string, received: unknown) => never} */
function refuse(name, expected, received) {
  const error = new natives.TypeError(
    'The "' + name + '" argument must be ' + expected + '. Received ' + display(received),
  );
  const descriptor = { __proto__: null, configurable: true, writable: true, value: 'ERR_INVALID_ARG_TYPE' };
  throw defineProperty(error, 'code', /** @type {PropertyDescriptor} */ (descriptor));
}
