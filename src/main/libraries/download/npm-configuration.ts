/**
 * The user's npm configuration, read by npm's own library from npm's own places: registry, login, certificates, proxy,
 * cache, offline. This product has no such settings, and knows no registry.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import Config from '@npmcli/config';
import definitions from '@npmcli/config/lib/definitions/index.js';

export type NpmConfiguration = Readonly<Record<string, unknown>>;

export interface NpmSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A project's own `.npmrc` is looked for from here, as npm does. */
  readonly workingFolder: string;
}

const npmAnswerMs = 10_000;

export async function readNpmConfiguration({ env, workingFolder }: NpmSurroundings): Promise<NpmConfiguration> {
  const globalConfig = env.npm_config_globalconfig ?? (await askNpmForGlobalConfig({ env, workingFolder }));
  const config = new Config({
    ...definitions,
    npmPath: import.meta.dirname,
    cwd: workingFolder,
    env: {
      npm_config_user_agent: 'vm-system node/{node-version} {platform} {arch}',
      ...env,
      ...(globalConfig === undefined ? {} : { npm_config_globalconfig: globalConfig }),
    },
    argv: [],
    warn: false,
  });
  await config.load();
  return config.flat;
}

/**
 * npm's global file lies where npm's Node is, which may not be the Node that runs this: only npm can say where.
 * Undefined where there is no npm to ask; the files of user and project count all the same.
 */
async function askNpmForGlobalConfig({ env, workingFolder }: NpmSurroundings): Promise<string | undefined> {
  // On Windows npm is a batch file, which only a shell can start; the words are our own.
  const options = { env, cwd: workingFolder, timeout: npmAnswerMs, shell: process.platform === 'win32' };
  try {
    const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'globalconfig'], options);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
