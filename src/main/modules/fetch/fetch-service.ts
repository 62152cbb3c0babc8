/**
 * The host side of `fetch`. It exists for a runtime whose template has a net capability, keeps its connections apart
 * from those of all others, and bounds how long and how many at once. Proxies of the environment are not used.
 */
import type { Agent } from 'undici';
import * as z from 'zod';
import { GuestError } from '#core/guest-error';
import { grantedCapabilities } from '#core/policy';
import type { GuestCall, GuestCallContext, GuestReply, RuntimeSpec } from '#core/ports';
import type { GuestService, OpenService } from '../guest-services.ts';
import { FetchExchange } from './fetch-exchange.ts';
import { fetchError } from './fetch-refusal.ts';
import { type FetchRequest, fetchRequestSchema, maxRequestBytes } from './fetch-request.ts';
import { destinationOf, HostRules, type NetGrant } from './host-rules.ts';
import type { ResolveName } from './pinned-connect.ts';
import { Slots } from './slots.ts';

const maxAtOnce = 8;
const maxResponseHeaderBytes = 32_768;

const abortSchema = z.strictObject({ key: z.int() });

export interface FetchOptions {
  /** Whether an address and port are those of this host itself, where no guest has any business. */
  readonly isOwn?: (address: string, port: number) => boolean;
  /** Instead of the machine's name service. */
  readonly resolve?: ResolveName;
}

export function fetchServices(options: FetchOptions = {}): OpenService {
  return (spec) => {
    const grants = grantedCapabilities(spec.policy, 'net');
    return grants.length === 0 ? undefined : new FetchService(spec, grants, options);
  };
}

class FetchService implements GuestService {
  readonly #templateName: string;
  readonly #rules: HostRules;
  readonly #options: FetchOptions;
  readonly #slots = new Slots(maxAtOnce);
  readonly #running = new Map<number, AbortController>();
  #agent: Promise<Agent> | undefined;

  constructor({ policy }: RuntimeSpec, grants: readonly NetGrant[], options: FetchOptions) {
    this.#templateName = policy.template_name;
    this.#rules = new HostRules(grants);
    this.#options = options;
  }

  async call(call: GuestCall, context: GuestCallContext): Promise<GuestReply> {
    if (call.operation === 'request') return this.#request(call, context);
    if (call.operation === 'abort') this.#running.get(abortSchema.parse(call.argument).key)?.abort(abortedError());
    else throw new GuestError(`fetch has no operation "${call.operation}"`);
    return { value: null };
  }

  async close(): Promise<void> {
    for (const controller of this.#running.values()) controller.abort(abortedError());
    const agent = await this.#agent;
    await agent?.destroy();
  }

  async #request({ argument, bytes }: GuestCall, { abort }: GuestCallContext): Promise<GuestReply> {
    const request = readRequest(argument, bytes);
    const controller = new AbortController();
    if (abort.aborted) throw abortedError();
    abort.addEventListener('abort', () => controller.abort(abortedError()), { once: true });
    const timer = this.#startTimer(request, controller);
    this.#running.set(request.key, controller);
    try {
      return await this.#slots.run(controller.signal, () => this.#exchange(request, bytes, controller.signal));
    } finally {
      clearTimeout(timer);
      this.#running.delete(request.key);
    }
  }

  async #exchange(request: FetchRequest, bytes: Uint8Array | undefined, signal: AbortSignal): Promise<GuestReply> {
    const parts = { rules: this.#rules, templateName: this.#templateName, signal };
    return new FetchExchange({ ...parts, dispatcher: await this.#openAgent() }).run(request, bytes);
  }

  /** The time that the capability for the first host gives, for all of it: waiting in line, and every redirect. */
  #startTimer({ url }: FetchRequest, controller: AbortController): NodeJS.Timeout | undefined {
    const parsed = URL.parse(url);
    const grant = parsed === null ? undefined : this.#rules.grantFor(destinationOf(parsed));
    if (grant === undefined) return undefined;
    const { timeout_ms: timeoutMs } = grant.config;
    return setTimeout(() => controller.abort(timeoutError(timeoutMs, grant.name)), timeoutMs);
  }

  /** The client is loaded when the first guest fetches: a host starts without it. */
  #openAgent(): Promise<Agent> {
    this.#agent ??= this.#newAgent();
    return this.#agent;
  }

  async #newAgent(): Promise<Agent> {
    const [{ Agent }, { pinnedConnect }] = await Promise.all([import('undici'), import('./pinned-connect.ts')]);
    const { resolve, isOwn = () => false } = this.#options;
    const names = { rules: this.#rules, templateName: this.#templateName, isOwn };
    return new Agent({
      connect: pinnedConnect(resolve === undefined ? names : { ...names, resolve }),
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: maxResponseHeaderBytes,
    });
  }
}

function readRequest(argument: GuestCall['argument'], bytes: Uint8Array | undefined): FetchRequest {
  const { data: request } = fetchRequestSchema.safeParse(argument);
  if (request === undefined) {
    throw fetchError('its URL, method or headers cannot be sent, or are too large', { code: 'NET_REQUEST' });
  }
  if (bytes === undefined || bytes.byteLength <= maxRequestBytes) return request;
  throw fetchError(`the body has more than ${maxRequestBytes} bytes`, { code: 'NET_REQUEST' });
}

const abortedError = () => fetchError('nobody waits for the response any more', { code: 'ABORT_ERR' });

const timeoutError = (timeoutMs: number, capability: string) =>
  fetchError(
    `no whole response within ${timeoutMs} ms, which the net capability "${capability}" gives it (timeout_ms)`,
    {
      code: 'NET_TIMEOUT',
    },
  );
