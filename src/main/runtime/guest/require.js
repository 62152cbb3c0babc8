// @ts-check
/**
 * `require` as guests see it. Native modules come by a template's grants; every other name is refused here, each with
 * the reason that holds for it and what to do about it.
 */
import { display } from './inspect.js';
import { nativeModule } from './native-modules.js';
import { defineProperty, join, natives, stringSlice } from './primordials.js';

/**
 * @typedef {{
 *   readonly templateName: string,
 *   readonly grantedModules: readonly string[],
 *   readonly knownModules: readonly string[],
 * }} Grants
 */

const maxName = 200;

/** @type {(grants: Grants) => (name: unknown) => object} */
export function newRequire(grants) {
  const require = (/** @type {unknown} */ name) => {
    const module = typeof name === 'string' && includes(grants.grantedModules, name) ? nativeModule(name) : undefined;
    if (module !== undefined) return module;
    const shown = stringSlice(typeof name === 'string' ? name : display(name), 0, maxName);
    throw new natives.Error('Invalid module: "' + shown + '" ' + reasonFor(shown, grants));
  };
  return defineProperty(require, 'name', { value: 'require' });
}

/** @type {(name: string, grants: Grants) => string} */
function reasonFor(name, { templateName, grantedModules, knownModules }) {
  if (includes(grantedModules, name)) return 'is granted, but this version does not have it.';
  if (!includes(knownModules, name)) {
    return 'is no native module. A template can grant: ' + join(knownModules, ', ') + '.';
  }
  return (
    'is not granted by the template "' +
    templateName +
    '". To grant it to new sessions: vm-system template add-module TEMPLATE --name ' +
    name +
    " (TEMPLATE is the template's id)."
  );
}

/** @type {(list: readonly string[], text: string) => boolean} */
function includes(list, text) {
  for (let index = 0; index < list.length; index += 1) if (list[index] === text) return true;
  return false;
}
