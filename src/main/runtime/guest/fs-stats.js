// @ts-check
/** What `stat` and `readdir` answer with, as in Node: facts, and methods that say what kind of file it is. */
import { natives } from './primordials.js';

/** The bits of a mode that say the kind, and their values. */
const kindBits = 0o170000;
const kinds = {
  fifo: 0o010000,
  characterDevice: 0o020000,
  folder: 0o040000,
  blockDevice: 0o060000,
  file: 0o100000,
  link: 0o120000,
  socket: 0o140000,
};

/** @typedef {{ readonly size: number, readonly mode: number, readonly nlink: number, readonly atimeMs: number, readonly mtimeMs: number, readonly ctimeMs: number, readonly birthtimeMs: number }} Facts */

class FileKind {
  #mode;
  constructor(/** @type {number} */ mode) {
    this.#mode = mode & kindBits;
  }
  isFile() {
    return this.#mode === kinds.file;
  }
  isDirectory() {
    return this.#mode === kinds.folder;
  }
  isSymbolicLink() {
    return this.#mode === kinds.link;
  }
  isFIFO() {
    return this.#mode === kinds.fifo;
  }
  isSocket() {
    return this.#mode === kinds.socket;
  }
  isBlockDevice() {
    return this.#mode === kinds.blockDevice;
  }
  isCharacterDevice() {
    return this.#mode === kinds.characterDevice;
  }
}

export class Stats extends FileKind {
  constructor(/** @type {Facts} */ facts) {
    super(facts.mode);
    this.mode = facts.mode;
    this.nlink = facts.nlink;
    this.size = facts.size;
    this.atimeMs = facts.atimeMs;
    this.mtimeMs = facts.mtimeMs;
    this.ctimeMs = facts.ctimeMs;
    this.birthtimeMs = facts.birthtimeMs;
    this.atime = new natives.Date(facts.atimeMs);
    this.mtime = new natives.Date(facts.mtimeMs);
    this.ctime = new natives.Date(facts.ctimeMs);
    this.birthtime = new natives.Date(facts.birthtimeMs);
  }
}

export class Dirent extends FileKind {
  constructor(/** @type {string} */ name, /** @type {string} */ parentPath, /** @type {number} */ mode) {
    super(mode);
    this.name = name;
    this.parentPath = parentPath;
  }
}
