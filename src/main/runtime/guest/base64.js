// @ts-check
/** `atob` and `btoa`, by the worker. */
import { DOMException } from './dom-exception.js';
import { askWorker, checkLength } from './worker-text.js';

export function btoa(/** @type {unknown} */ data) {
  return convert('base64.encode', 'btoa', '' + data);
}

export function atob(/** @type {unknown} */ data) {
  return convert('base64.decode', 'atob', '' + data);
}

/** @type {(operation: string, name: string, text: string) => string} */
function convert(operation, name, text) {
  checkLength(text, name);
  const converted = askWorker(operation, text);
  if (converted === null) {
    const reason = name === 'btoa' ? 'a character is beyond Latin-1' : 'the text is no base64';
    throw new DOMException('Invalid character in ' + name + ': ' + reason, 'InvalidCharacterError');
  }
  return converted;
}
