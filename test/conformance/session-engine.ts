/** Sessions of the product, over REST: each realm is a session of its own, each script a file that it runs. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Execution } from '#shared/contract/execution';
import type { Session } from '#shared/contract/session';
import type { Template } from '#shared/contract/template';
import type { Engine, Outcome, Realm } from './engine.ts';

/** Calls the REST port of a host; rejects where it refuses. */
export type Call = <Body>(method: 'POST' | 'PATCH', path: string, body?: unknown) => Promise<Body>;

export class SessionEngine implements Engine {
  readonly name = 'session';
  readonly #call: Call;
  readonly #worktree: string;
  readonly #limitMs: number;
  #template: Promise<Template> | undefined;
  #realms = 0;

  constructor(options: { call: Call; worktree: string; limitMs: number }) {
    this.#call = options.call;
    this.#worktree = options.worktree;
    this.#limitMs = options.limitMs;
  }

  async newRealm(): Promise<Realm> {
    this.#template ??= this.#newTemplate();
    const session = await this.#call<Session>('POST', '/sessions', {
      template_id: (await this.#template).id,
      workspace_id: 'conformance',
      base_commit_oid: 'none',
      worktree_path: this.#worktree,
    });
    this.#realms += 1;
    const path = `case-${this.#realms}.js`;
    return {
      run: (source) => this.#run(session, path, source),
      close: async () => void (await this.#call('POST', `/sessions/${session.id}/close`)),
    };
  }

  async #run({ id }: Session, path: string, source: string): Promise<Outcome> {
    await writeFile(join(this.#worktree, path), source);
    const { status, error, result } = await this.#call<Execution>('POST', '/executions/run-file', {
      session_id: id,
      path,
    });
    if (status === 'timeout') return { end: 'limit' };
    if (error !== undefined) return { end: nameIn(error.message) };
    return typeof result?.json === 'string' ? { end: 'ok', text: result.json } : { end: 'ok' };
  }

  async #newTemplate(): Promise<Template> {
    const template = await this.#call<Template>('POST', '/templates', { name: 'conformance' });
    const limits = { cpu_ms: this.#limitMs, mem_mb: 512 };
    await this.#call('PATCH', `/templates/${template.id}/settings`, { limits });
    return template;
  }
}

/** The name in `Name: text` of an error, or in `Uncaught Name { … }` of what only looks like one. */
function nameIn(message: string): string {
  return /^(?:Uncaught )?([A-Z]\w*Error)\b/.exec(message)?.[1] ?? 'value';
}
