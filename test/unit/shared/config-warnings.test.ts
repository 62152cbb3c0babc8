import { expect, it } from 'vitest';
import { configWarnings } from '#shared/config-warnings';
import type { Capability } from '#shared/contract/template';

type Said = Pick<Capability, 'kind' | 'name' | 'config'>;

it.each<[Said, string[]]>([
  [
    { kind: 'module', name: 'fs', config: { readonly: true } },
    ['"readonly" means nothing in the config of module:fs; did you mean "read_only"?'],
  ],
  [
    { kind: 'module', name: 'exec', config: { command: ['git'], env: [] } },
    ['"command" means nothing in the config of module:exec; did you mean "commands"?'],
  ],
  [
    { kind: 'net', name: 'api', config: { host: 'a.example' } },
    ['"host" means nothing in the config of net:api; did you mean "hosts"?'],
  ],
  [
    { kind: 'fs', name: 'data', config: { readable: true } },
    [
      '"path" is missing in the config of fs:data, which grants nothing without it.',
      '"readable" means nothing in the config of fs:data, which knows path, mode.',
    ],
  ],
  [
    { kind: 'module', name: 'exce', config: { commands: ['git'] } },
    ['there is no module "exce"; did you mean "exec"?'],
  ],
  [
    { kind: 'module', name: 'console', config: {} },
    ['there is no module "console"; the modules are database, exec, fs.'],
  ],
  [
    { kind: 'env', name: 'HOME', config: ['a'] },
    ['the config of env:HOME is no object such as {"value":…}, so all of it is ignored.'],
  ],
])('of %j says %j', (capability, warnings) => {
  expect(configWarnings(capability)).toEqual(warnings);
});

it.each<Said>([
  { kind: 'module', name: 'fs', config: {} },
  { kind: 'module', name: 'database', config: { read_only: true, max_rows: 1 } },
  { kind: 'net', name: 'api', config: { hosts: ['a.example'] } },
  { kind: 'env', name: 'HOME', config: {} },
  { kind: 'global', name: 'rates', config: { value: { anything: 1 } } },
])('has nothing to say of %j', (capability) => {
  expect(configWarnings(capability)).toEqual([]);
});
