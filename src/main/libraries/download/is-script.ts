/** Tells whether a text parses as a script, which a module does not. It is compiled and never run. */
import { Script } from 'node:vm';

export function isScript(text: string): boolean {
  try {
    new Script(text);
    return true;
  } catch {
    return false;
  }
}
