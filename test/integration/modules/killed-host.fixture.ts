/** A host that runs one command for ever, for a test that kills it: `killed-host.fixture.ts RUN_DIRECTORY SLEEP_TIME`. */
import { join } from 'node:path';
import { CommandHost } from '#main/modules/exec/command-host';

const [, , runDirectory = '', sleepTime = ''] = process.argv;
const host = new CommandHost(runDirectory);
const folder = await host.newSessionFolder();
await host.run(
  {
    program: '/bin/sh',
    args: ['-c', `setsid sleep ${sleepTime} & sleep ${sleepTime}`],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    mark: join(folder, '1'),
    timeoutMs: 600_000,
    print: () => undefined,
  },
  () => undefined,
);
