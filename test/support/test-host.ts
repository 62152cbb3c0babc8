/** A whole host in this process, on a free port and a folder of its own, as tests and nothing else start it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type App, type AppConfig, startApp } from '#main/app';
import type { ErrorEnvelope } from '#shared/contract/error';
import type { ExecutionEvent } from '#shared/contract/event';
import type { Execution } from '#shared/contract/execution';
import { apiPrefix } from '#shared/contract/router';
import type { Session } from '#shared/contract/session';
import type { Limits, Template } from '#shared/contract/template';
import { builtEntries } from './built-entries.ts';
import { SilentLog } from './silent-log.ts';
import { temporaryFolder } from './temp-dir.ts';

export interface Reply<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export class TestHost {
  readonly app: App;
  readonly folder: string;
  readonly worktree: string;
  readonly log: SilentLog;

  constructor(app: App, folder: string, log: SilentLog) {
    this.app = app;
    this.folder = folder;
    this.worktree = join(folder, 'worktree');
    this.log = log;
  }

  url(path: string): string {
    return `${this.app.address}${apiPrefix}${path}`;
  }

  /** Calls the REST port; `Body` is what the test expects to get. */
  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    { body, headers = {} }: CallOptions = {},
  ): Promise<Reply<Body>> {
    const response = await fetch(this.url(path), {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** A call that has to succeed. */
  async ok<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const reply = await this.call<Body>(method, path, body === undefined ? {} : { body });
    if (reply.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  /** A call that has to be refused: status and code in one line, such as `404 SESSION_NOT_FOUND`. */
  async refusal(method: string, path: string, body?: unknown): Promise<string> {
    const reply = await this.call<ErrorEnvelope>(method, path, body === undefined ? {} : { body });
    return `${reply.status} ${reply.body.error?.code}`;
  }

  writeFile(path: string, text: string | Uint8Array): void {
    const file = join(this.worktree, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }

  async template(name: string, limits: Partial<Limits> = {}): Promise<Template> {
    const template = await this.ok<Template>('POST', '/templates', { name });
    await this.ok('PATCH', `/templates/${template.id}/settings`, { limits });
    return template;
  }

  session(templateId: string): Promise<Session> {
    return this.ok('POST', '/sessions', {
      template_id: templateId,
      workspace_id: 'test',
      base_commit_oid: 'none',
      worktree_path: this.worktree,
    });
  }

  /** A session of a new template. */
  async newSession(limits: Partial<Limits> = {}): Promise<Session> {
    return this.session((await this.template(`template ${crypto.randomUUID()}`, limits)).id);
  }

  repl(sessionId: string, input: string): Promise<Execution> {
    return this.ok('POST', '/executions/repl', { session_id: sessionId, input });
  }

  events(executionId: string, afterSeq = 0): Promise<ExecutionEvent[]> {
    return this.ok('GET', `/executions/${executionId}/events?after_seq=${afterSeq}`);
  }

  /** Starts a snippet and resolves to the running execution. */
  start(sessionId: string, input: string): Promise<Execution> {
    return this.ok('POST', '/executions/repl?wait=false', { session_id: sessionId, input });
  }
}

/** Starts a host for one test; it is closed when the test is over. Give `folder` to start on an earlier one's data. */
export async function startTestHost(changes: Partial<AppConfig> = {}, folder = temporaryFolder()): Promise<TestHost> {
  mkdirSync(join(folder, 'worktree'), { recursive: true });
  const log = new SilentLog();
  const config: AppConfig = {
    databasePath: join(folder, 'test.db'),
    runDirectory: join(folder, 'run'),
    libraryCacheDirectory: join(folder, 'libraries'),
    hosts: ['127.0.0.1', '::1'],
    port: 0,
    access: 'compat',
    version: 'test',
    ...builtEntries,
    ...changes,
  };
  const app = await startApp(config, log);
  onTestFinished(() => app.close());
  return new TestHost(app, folder, log);
}
