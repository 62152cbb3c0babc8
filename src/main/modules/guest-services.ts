/**
 * What guests can ask of the machine, by what their policies grant. This is the boundary: a service that a policy does
 * not grant does not exist for its runtime, whatever the guest's prelude believes.
 */
import { GuestError } from '#core/guest-error';
import type {
  GuestCall,
  GuestCallContext,
  GuestReply,
  GuestServices,
  GuestServicesFactory,
  RuntimeSpec,
} from '#core/ports';

/** One service of one live runtime. Made when it is first called; holds what is open until it is closed. */
export interface GuestService {
  call(call: GuestCall, context: GuestCallContext): Promise<GuestReply>;
  /** As of GuestServices, where a run may leave something half done. */
  endRun?(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Makes a service for a runtime, or undefined where its policy does not grant it. */
export type OpenService = (spec: RuntimeSpec) => GuestService | undefined;

export class GrantedServices implements GuestServicesFactory {
  readonly #openers: Readonly<Record<string, OpenService>>;

  constructor(openers: Readonly<Record<string, OpenService>>) {
    this.#openers = openers;
  }

  open(spec: RuntimeSpec): GuestServices {
    return new RuntimeServices(this.#openers, spec);
  }
}

class RuntimeServices implements GuestServices {
  readonly #openers: Readonly<Record<string, OpenService>>;
  readonly #spec: RuntimeSpec;
  readonly #opened = new Map<string, GuestService | undefined>();
  #closing: Promise<unknown> | undefined;

  constructor(openers: Readonly<Record<string, OpenService>>, spec: RuntimeSpec) {
    this.#openers = openers;
    this.#spec = spec;
  }

  async call(call: GuestCall, context: GuestCallContext): Promise<GuestReply> {
    if (this.#closing !== undefined) throw new GuestError('The runtime is closed');
    return this.#service(call.service).call(call, context);
  }

  async endRun(): Promise<readonly string[]> {
    const notices = await Promise.all([...this.#opened.values()].map((service) => service?.endRun?.() ?? []));
    return notices.flat();
  }

  /** Whoever asks second waits for the same end: a runtime that is closed has nothing open. */
  async close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#opened.values()].map((service) => service?.close()));
    await this.#closing;
  }

  #service(name: string): GuestService {
    if (!this.#opened.has(name)) {
      const open = Object.hasOwn(this.#openers, name) ? this.#openers[name] : undefined;
      this.#opened.set(name, open?.(this.#spec));
    }
    return this.#opened.get(name) ?? this.#refuse(name);
  }

  #refuse(name: string): never {
    const template = this.#spec.policy.template_name;
    throw new GuestError(`Invalid module: the template "${template}" does not grant "${name}"`, {
      code: 'NOT_GRANTED',
    });
  }
}
