/** Whose a connection is, asked of a real kernel: the user's own programs, commands of guests, and who has gone by then. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { isOfCommand } from '#main/modules/exec/linux-processes';
import { findPeerUid } from '#main/rest/peer-uid';

/** The host's end of a connection that a process of its own makes and holds. */
async function connectionFrom(env: Record<string, string>) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const script = `require('node:net').connect(${port}, '127.0.0.1')`;
  const child = spawn(process.execPath, ['-e', script], { env: { ...process.env, ...env }, stdio: 'ignore' });
  const [socket]: [Socket] = await once(server, 'connection').then(([one]) => [one]);
  onTestFinished(async () => {
    socket.destroy();
    child.kill('SIGKILL');
    server.close();
  });
  return { socket, child };
}

test('a program of the user is known by its uid, also while commands run', async () => {
  await connectionFrom({ VM_SYSTEM_EXEC: '/anywhere' });
  const { socket } = await connectionFrom({});
  expect(await findPeerUid(socket, isOfCommand)).toBe(process.getuid?.());
});

test('a command of any host is known by its mark', async () => {
  const { socket } = await connectionFrom({ VM_SYSTEM_EXEC: '/the/folder/of/another/host' });
  expect(await findPeerUid(socket, isOfCommand)).toBe('guest');
});

test('who has gone before it was known what it is, is taken for nobody', async () => {
  const { socket, child } = await connectionFrom({ VM_SYSTEM_EXEC: '/anywhere' });
  const look = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    return false;
  };
  expect(await findPeerUid(socket, look)).toBe('gone');
});
