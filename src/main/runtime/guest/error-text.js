// @ts-check
/**
 * Errors as people read them: `Name: text` and a stack whose frames are the guest's own. Reads plain data only; a getter
 * named `stack` or `message` is not run.
 */

import { classNameOf, dataProperty } from './kind.js';
import {
  append,
  bareList,
  join,
  mapGet,
  mapSet,
  natives,
  stringEndsWith,
  stringIncludes,
  stringIndexOf,
  stringLastIndexOf,
  stringSlice,
  stringStartsWith,
  stringTrim,
  toInteger,
} from './primordials.js';

/** @typedef {{ readonly columns: number, readonly line: number, readonly column: number }} Indent */

/** Prefix of the prelude's file names in stack traces. */
const preludePrefix = 'vm:';
const maxFrames = 50;
const maxMessage = 10240;

/**
 * Files whose first line has moved to the right, by how many columns, and where what now stands in front of it is said
 * to be. @type {Map<string, Indent>}
 */
const indentedFiles = new natives.Map();

/** @type {(error: object) => string} */
export function errorHeader(error) {
  const name = errorName(error);
  const message = dataProperty(error, 'message');
  const text = typeof message === 'string' ? stringSlice(message, 0, maxMessage) : '';
  if (text === '') return name;
  return name === '' ? text : name + ': ' + text;
}

/** The own name where there is one; a subclass that sets none is known by its class. */
function errorName(/** @type {object} */ error) {
  const name = dataProperty(error, 'name');
  const className = classNameOf(error);
  if (typeof name !== 'string') return className ?? 'Error';
  return name === 'Error' && className !== undefined && stringEndsWith(className, 'Error') ? className : name;
}

/** @type {(error: object) => string} */
export function errorStack(error) {
  const stack = dataProperty(error, 'stack');
  const frames = typeof stack === 'string' ? guestFrames(stack) : '';
  const header = errorHeader(error);
  return frames === '' ? header : header + '\n' + frames;
}

/** @type {(stack: string) => string} */
function guestFrames(stack) {
  /** @type {string[]} */
  const kept = bareList([]);
  let from = 0;
  while (from < stack.length && kept.length < maxFrames) {
    const newline = stringIndexOf(stack, '\n', from);
    const end = newline < 0 ? stack.length : newline;
    const frame = stringTrim(stringSlice(stack, from, end));
    if (isEngineFrame(frame)) dropNativeFrame(kept);
    else if (stringStartsWith(frame, 'at ')) addFrame(kept, asWritten(withoutEvalName(frame)));
    from = end + 1;
  }
  return join(kept, '\n');
}

/** @type {(frame: string) => boolean} */
const isEngineFrame = (frame) =>
  stringIncludes(frame, '(' + preludePrefix) || stringStartsWith(frame, 'at ' + preludePrefix);

/** The built-in by which the prelude called the guest, such as `apply`. */
function dropNativeFrame(/** @type {string[]} */ frames) {
  const last = frames[frames.length - 1];
  if (last !== undefined && stringEndsWith(last, '(native)')) frames.length -= 1;
}

/** The engine's name for what has no file: code of an `eval`, and what `JSON.parse` reads. */
const namelessSource = '<input>:';

/** @type {(frames: string[], frame: string) => void} */
function addFrame(frames, frame) {
  if (frame === 'at parse (native)') nameJson(frames);
  append(frames, '    ' + withSource(frame, namelessSource, '<eval>:'));
}

/** Below a place in no file, a frame of `JSON.parse` tells that the place is in its text. */
function nameJson(/** @type {string[]} */ frames) {
  const last = frames[frames.length - 1];
  if (last !== undefined) frames[frames.length - 1] = withSource(last, 'at <eval>:', 'at <json>:');
}

/** @type {(frame: string, source: string, name: string) => string} */
function withSource(frame, source, name) {
  const at = stringIndexOf(frame, source);
  return at < 0 ? frame : stringSlice(frame, 0, at) + name + stringSlice(frame, at + source.length);
}

/** `at <eval> (cell 3:2:5)` is the cell itself: `at cell 3:2:5`. */
function withoutEvalName(/** @type {string} */ frame) {
  const prefix = 'at <eval> (';
  if (!stringStartsWith(frame, prefix) || !stringEndsWith(frame, ')')) return frame;
  return 'at ' + stringSlice(frame, prefix.length, -1);
}

/**
 * Takes columns from every position in the first line of a file, from here on.
 * @type {(fileName: string, indent: Indent) => void}
 */
export function indentFile(fileName, indent) {
  mapSet(indentedFiles, fileName, indent);
}

/** A frame with its position as the user has it. */
function asWritten(/** @type {string} */ frame) {
  const end = stringEndsWith(frame, ')') ? frame.length - 1 : frame.length;
  const column = stringLastIndexOf(frame, ':') + 1;
  const line = stringLastIndexOf(frame, ':', column - 2) + 1;
  if (stringSlice(frame, line, column) !== '1:') return frame;
  const before = stringSlice(frame, 0, line - 1);
  const open = stringLastIndexOf(before, '(');
  const fileName = stringSlice(before, open < 0 ? 'at '.length : open + 1);
  const indent = mapGet(indentedFiles, fileName);
  if (indent === undefined) return frame;
  const own = toInteger(stringSlice(frame, column, end)) - indent.columns;
  const place = own > 0 ? '1:' + own : indent.line + ':' + indent.column;
  return before + ':' + place + stringSlice(frame, end);
}
