/** What is taken as older scripts write it, but will hardly be what was meant: the answer is as ever, and stderr says it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capabilityId, type StubHost, startStubHost, stubDocument, templateId } from '../../support/stub-host.ts';
import { runInProcess } from './run-in-process.ts';

let host: StubHost;
beforeAll(async () => {
  host = await startStubHost();
});
afterAll(() => host.close());

const run = (words: readonly string[], stdin = '') => runInProcess({ words, env: { VM_SYSTEM_URL: host.url }, stdin });

describe('the config of a capability', () => {
  const add = ['template', 'add-capability', templateId];
  const update = ['template', 'update-capability', templateId, capabilityId];

  it('is warned of where it holds a field that means nothing', async () => {
    expect(await run([...add, '--name', 'fs', '--config', '{"readonly":true}'])).toEqual({
      code: 0,
      stdout: `Added capability: module:fs to template ${templateId}\n`,
      stderr: 'Warning: "readonly" means nothing in the config of module:fs; did you mean "read_only"?\n',
    });
    expect((await run([...add, '--name', 'exce', '--json'])).stderr).toBe(
      'Warning: there is no module "exce"; did you mean "exec"?\n',
    );
  });

  it('is warned of after it was changed, and not where something else was', async () => {
    expect((await run([...update, '--config', '{"valeu":"a"}'])).stderr).toContain('did you mean "value"?');
    expect((await run([...update, '--no-enabled'])).stderr).toBe('');
  });

  it('is warned of where it comes with an imported template', async () => {
    const fields = { kind: 'net', name: 'api', enabled: true, config: { host: 'a.example' } } as const;
    const document = { ...stubDocument, capabilities: [...stubDocument.capabilities, fields] };
    const { code, stderr } = await run(['template', 'import', '-'], JSON.stringify(document));
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Warning: "host" means nothing in the config of net:api; did you mean "hosts"?\n',
    });
  });

  it('cannot drive the terminal with the name of a field', async () => {
    expect((await run([...add, '--name', 'fs', '--config', '{"\\u001b[2J":1}'])).stderr).toContain('"\\u001b[2J"');
  });
});

describe('a library that a template is given', () => {
  const add = (name: string) => run(['template', 'add-library', templateId, '--name', name]);

  it.for([
    ['lodash', 'the host knows no library "lodash"; did you mean "lodash-4.17.21"?'],
    ['lodahs', 'the host knows no library "lodahs"; did you mean "lodash-4.17.21"?'],
    ['Lodash@4.17.21', 'the host knows no library "Lodash@4.17.21"; did you mean "lodash-4.17.21"?'],
    [
      'lodash-4.17.20',
      'the host knows no library "lodash-4.17.20"; did you mean "lodash-4.17.21"? ' +
        'Otherwise bring it with: vm-system libs add lodash@4.17.20 --host',
    ],
    ['date-fns', 'the host knows no library "date-fns"; a name is an id and a version, such as "lodash-4.17.21".'],
  ])('%s is warned of where no session could get it', async ([name = '', sentence]) => {
    expect(await add(name)).toEqual({
      code: 0,
      stdout: `Added library: ${name} to template ${templateId}\n`,
      stderr: `Warning: ${sentence}\n`,
    });
  });

  it.for(['ramda-0.29.0', 'RAMDA-0.29.0', 'date-fns-4.1.0', '@scope/name-1.0.0-beta.1'])(
    '%s is taken without a word',
    async (name) => {
      expect(await add(name)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('is no matter of modules', async () => {
    expect(await run(['template', 'add-module', templateId, '--name', 'fs'])).toMatchObject({ stderr: '' });
  });
});
