import { describe, expect, it } from 'vitest';
import { dataDirectory, runDirectory, runFileName, runFileSchema } from '#shared/run-file';

describe('the run file', () => {
  it('is rest.json for the default port and carries the port otherwise', () => {
    expect([runFileName(3210), runFileName(4000)]).toEqual(['rest.json', 'rest-4000.json']);
  });

  it.each([
    ['VM_SYSTEM_HOME before all else', { VM_SYSTEM_HOME: '/v', XDG_DATA_HOME: '/x' }, 'linux', '/v'],
    ['XDG_DATA_HOME on Linux', { XDG_DATA_HOME: '/x' }, 'linux', '/x/vm-system'],
    [
      'the home folder where XDG_DATA_HOME is relative',
      { XDG_DATA_HOME: 'x' },
      'linux',
      '/home/u/.local/share/vm-system',
    ],
    ['the home folder where XDG_DATA_HOME is empty', { XDG_DATA_HOME: '' }, 'linux', '/home/u/.local/share/vm-system'],
    [
      'Application Support on macOS',
      { XDG_DATA_HOME: '/x' },
      'darwin',
      '/home/u/Library/Application Support/vm-system',
    ],
    ['LOCALAPPDATA on Windows', { LOCALAPPDATA: 'C:\\L' }, 'win32', 'C:\\L\\vm-system'],
  ])('lies below %s', (_, env, platform, expected) => {
    expect(dataDirectory(env, platform, '/home/u')).toBe(expected);
  });

  it('has a folder of its own', () => {
    expect([runDirectory('/d', 'linux'), runDirectory('C:\\d', 'win32')]).toEqual(['/d/run', 'C:\\d\\run']);
  });

  it('is refused without a token', () => {
    expect(runFileSchema.safeParse({ port: 3210, pid: 1, token: '', started: 'now' }).success).toBe(false);
  });
});
