/**
 * What threads and processes of the product start with, as it is built: it is what users run, and starts in half the time
 * of the same from source, which has its types stripped anew in every one of some thousand starts.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import { entriesBeside } from '#main/headless';

const build = inject('build');

export const builtEntries = entriesBeside(pathToFileURL(join(build, 'headless.js')).href);
export const builtCli = join(build, 'cli.js');
