/**
 * How guest and worker hand a call over. A call and its end are JSON texts; bytes go beside them, as an ArrayBuffer, and
 * wait here until the guest takes them.
 */
import type { CallAnswer } from '../call-port.ts';
import type { Engine, HostOperation } from './engine.ts';
import type { CallResult, Guest } from './guest.ts';
import type { CallRequest, SettledCall } from './host-calls.ts';

/** Bytes of the answer that the guest is being told of; it takes them before anything else can happen. */
let untakenBytes: Uint8Array | undefined;

const overText = JSON.stringify({
  error: { name: 'Error', message: 'The run ended before the host had answered', fields: {} },
});

/** Whoever passes the guest's calls on to the host. */
export interface CallListener {
  /** Asks the host and waits; undefined where the run is over before there is an answer. */
  askHost(request: CallRequest): SettledCall | undefined;
  /** Asks the host for what a promise will settle with; returns the call's id. May throw. */
  startHostCall(request: CallRequest): number;
}

export function provideHostCalls(engine: Engine, listener: CallListener): void {
  const requestOf = (...[json, value, context]: Parameters<HostOperation>): CallRequest => {
    const { hasBytes, argument, ...names } = JSON.parse(json);
    const request = { ...names, json: JSON.stringify(argument) };
    return hasBytes ? { ...request, bytes: engine.copyBytes(context, value) } : request;
  };
  engine.provide('call.ask', (json, value, context) => {
    const answer = listener.askHost(requestOf(json, value, context));
    return engine.newText(context, answer === undefined ? overText : endOf(answer));
  });
  engine.provide('call.start', (json, value, context) =>
    engine.newText(context, String(listener.startHostCall(requestOf(json, value, context)))),
  );
  engine.provide('call.bytes', (_json, _value, context) => {
    const bytes = untakenBytes;
    untakenBytes = undefined;
    return bytes === undefined ? undefined : engine.newBytes(context, bytes);
  });
}

/** Settles the guest's promise of a call. */
export function settleCall(guest: Guest, answer: SettledCall): CallResult {
  return guest.call('settleCall', answer.id, endOf(answer));
}

/** The end of a call as the guest reads it: `{value, hasBytes}` or `{error}`. */
function endOf(answer: Exclude<CallAnswer, { kind: 'print' }>): string {
  if (answer.kind === 'refusal') return JSON.stringify({ error: answer.error });
  untakenBytes = answer.bytes;
  return `{"value":${answer.json},"hasBytes":${answer.bytes !== undefined}}`;
}
