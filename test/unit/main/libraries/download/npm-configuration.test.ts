import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readNpmConfiguration } from '#main/libraries/download/npm-configuration';
import { temporaryFolder } from '../../../../support/temp-dir.ts';

/** A home and a project, each with an .npmrc, and a file for the whole machine. */
function places() {
  const folder = temporaryFolder();
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{}');
  const globalConfig = join(folder, 'global-npmrc');
  const write = (path: string, ...lines: string[]) => writeFileSync(path, `${lines.join('\n')}\n`);
  return { folder, project, globalConfig, write };
}

it('reads machine, user, project and environment, the later before the earlier', async () => {
  const { folder, project, globalConfig, write } = places();
  write(globalConfig, 'registry=http://machine.test/', 'proxy=http://proxy.test/', 'offline=true');
  write(join(folder, '.npmrc'), 'registry=http://user.test/', '//user.test/:_authToken=$' + '{TOKEN}');
  write(join(project, '.npmrc'), 'fetch-retries=7');
  const env = { HOME: folder, TOKEN: 'secret', npm_config_globalconfig: globalConfig, npm_config_offline: 'false' };
  expect(await readNpmConfiguration({ env, workingFolder: project })).toMatchObject({
    registry: 'http://user.test/',
    '//user.test/:_authToken': 'secret',
    proxy: 'http://proxy.test/',
    offline: false,
    retry: { retries: 7 },
  });
});

it('asks npm where the file of the machine lies, because only npm knows', async () => {
  const { folder, project, globalConfig, write } = places();
  write(globalConfig, 'fetch-retries=9');
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho "$*" > asked\necho ${globalConfig}\n`, { mode: 0o755 });
  const env = { HOME: folder, PATH: folder };
  expect(await readNpmConfiguration({ env, workingFolder: project })).toMatchObject({ retry: { retries: 9 } });
  expect(readFileSync(join(project, 'asked'), 'utf8')).toBe('config get globalconfig\n');
});

it('does without the file of the machine where there is no npm to ask', async () => {
  const { folder, project, write } = places();
  write(join(folder, '.npmrc'), 'fetch-retries=5');
  const env = { HOME: folder, PATH: folder };
  expect(await readNpmConfiguration({ env, workingFolder: project })).toMatchObject({ retry: { retries: 5 } });
});

it('leaves the environment as it was', async () => {
  const { folder, project } = places();
  const env = { HOME: folder, PATH: folder };
  await readNpmConfiguration({ env, workingFolder: project });
  expect(env).toEqual({ HOME: folder, PATH: folder });
});
