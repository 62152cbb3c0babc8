/**
 * The built product in a process of its own, started as a user starts it, on a free port and a temporary database; and
 * what the measurements ask of it. Whoever starts one closes it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Execution } from '#shared/contract/execution';
import type { Session } from '#shared/contract/session';
import type { Limits, Template } from '#shared/contract/template';
import { RestClient } from './rest-client.ts';

const launcher = join(import.meta.dirname, '..', '..', 'bin', 'vm-system.mjs');

export class BuiltHost {
  readonly address: string;
  readonly client: RestClient;
  readonly #worktree: string;
  readonly #stop: () => Promise<void>;

  constructor(options: { address: string; worktree: string; stop: () => Promise<void> }) {
    this.address = options.address;
    this.client = new RestClient(options.address);
    this.#worktree = options.worktree;
    this.#stop = options.stop;
  }

  async template(name: string, limits: Partial<Limits> = {}): Promise<Template> {
    const template = await this.client.call<Template>({ method: 'POST', path: '/templates', body: { name } });
    await this.client.send({ method: 'PATCH', path: `/templates/${template.id}/settings`, body: { limits } });
    return template;
  }

  session(template: Template): Promise<Session> {
    const body = {
      template_id: template.id,
      workspace_id: 'bench',
      base_commit_oid: 'none',
      worktree_path: this.#worktree,
    };
    return this.client.call({ method: 'POST', path: '/sessions', body });
  }

  async closeSession({ id }: Session): Promise<void> {
    await this.client.send({ method: 'POST', path: `/sessions/${id}/close` });
  }

  /** Runs a snippet to its end; the answer is not read. */
  async repl({ id }: Session, input: string): Promise<void> {
    await this.client.send({ method: 'POST', path: '/executions/repl', body: { session_id: id, input } });
  }

  /** Starts a snippet. */
  start({ id }: Session, input: string): Promise<Execution> {
    const body = { session_id: id, input };
    return this.client.call({ method: 'POST', path: '/executions/repl?wait=false', body });
  }

  /** Waits for the end of an execution: its stream, asked for events that it cannot have, is silent until then. */
  async ended({ id }: Execution): Promise<void> {
    await this.client.send({
      method: 'GET',
      path: `/executions/${id}/stream`,
      headers: { 'last-event-id': String(Number.MAX_SAFE_INTEGER) },
    });
  }

  async close(): Promise<void> {
    this.client.close();
    await this.#stop();
  }
}

export async function startBuiltHost(folder: string): Promise<BuiltHost> {
  const worktree = join(folder, 'worktree');
  mkdirSync(worktree, { recursive: true });
  const options = ['--db', join(folder, 'bench.db'), '--log-level', 'warn'];
  const child = spawn(process.execPath, [launcher, ...options, 'serve', '--listen', '127.0.0.1:0'], {
    env: { ...process.env, VM_SYSTEM_HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return new BuiltHost({ address: await addressIn(child.stdout), worktree, stop });
}

async function addressIn(stdout: Readable): Promise<string> {
  let output = '';
  for await (const chunk of stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    output += chunk;
    const address = /listening on (\S+)/.exec(output)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`The host did not start: ${output}`);
}
