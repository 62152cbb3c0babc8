/** A host in a process of its own, run as users run it: the built product through the CLI's launcher. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** The launcher, on the Node that runs the tests. */
export const launcher = join(root, 'bin', 'vm-system.mjs');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of this product to its end. */
export async function runNode(args: readonly string[], options: { home: string; input?: string }): Promise<Ended> {
  const child = startNode(args, options.home);
  child.process.stdin?.end(options.input ?? '');
  return child.ended;
}

export class HostProcess {
  readonly address: string;
  readonly #child: StartedNode;

  constructor(child: StartedNode, address: string) {
    this.#child = child;
    this.address = address;
  }

  get pid(): number {
    return this.#child.process.pid ?? -1;
  }

  /** Closes this end of what the host prints to, as `serve | head -1` does. */
  stopReading(): void {
    this.#child.process.stdout?.destroy();
    this.#child.process.stderr?.destroy();
  }

  /** Sends a signal and resolves when the process has ended. */
  end(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.process.kill(signal);
    return this.#child.ended;
  }

  async call<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const response = await fetch(`${this.address}/api/v1${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const reply = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(reply)}`);
    return reply;
  }

  async newSession(worktree: string): Promise<string> {
    mkdirSync(worktree, { recursive: true });
    const template = await this.call<{ id: string }>('POST', '/templates', { name: crypto.randomUUID() });
    const fields = { template_id: template.id, workspace_id: 'w', base_commit_oid: 'c', worktree_path: worktree };
    return (await this.call<{ id: string }>('POST', '/sessions', fields)).id;
  }
}

/** Starts a host and resolves when it listens. It is killed when the test is over, if it still runs. */
export async function startHostProcess(home: string, args: readonly string[] = []): Promise<HostProcess> {
  const serve = ['--db', join(home, 'host.db'), 'serve', '--listen', '127.0.0.1:0', ...args];
  return listening(startNode([launcher, ...serve], home));
}

/** Starts any program that prints where it listens. */
export async function startListening(args: readonly string[], home: string): Promise<HostProcess> {
  return listening(startNode(args, home));
}

interface StartedNode {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly output: { stdout: string; stderr: string };
}

function startNode(args: readonly string[], home: string): StartedNode {
  const env = { ...process.env, VM_SYSTEM_HOME: home, DISPLAY: '', WAYLAND_DISPLAY: '', NO_COLOR: '1' };
  const child = spawn(process.execPath, args, { env, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code, ...output }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { process: child, ended, output };
}

async function listening(child: StartedNode): Promise<HostProcess> {
  for (;;) {
    const address = /listening on (http:\S+)/.exec(child.output.stdout)?.[1];
    if (address !== undefined) return new HostProcess(child, address);
    const chunk = child.process.stdout ? once(child.process.stdout, 'data') : Promise.resolve();
    const ended = await Promise.race([chunk.then(() => undefined), child.ended]);
    if (ended !== undefined) throw new Error(`the host ended with ${ended.code}: ${ended.stdout}${ended.stderr}`);
  }
}
