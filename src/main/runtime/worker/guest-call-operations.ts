/**
 * How guest and worker hand a call over. A call is its names, what goes beside it, and its argument as JSON, which is
 * the host's to read; an end is a JSON text. Bytes and texts go beside them, and wait here until the guest takes them.
 */
import { isAscii } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import type { ReplyAnswer } from '../call-port.ts';
import type { Engine, HostOperation } from './engine.ts';
import type { CallResult, Guest } from './guest.ts';
import { serializedLatin1, serializedText, utf8Of } from './guest-text.ts';
import type { CallRequest, SettledCall } from './host-calls.ts';

/** The reply that the guest is being told of. It takes what is beside it before anything else can happen. */
let told: ReplyAnswer | undefined;

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
  const requestOf = (...[text, value, context]: Parameters<HostOperation>): CallRequest => {
    const { kind, ...request } = readCall(text);
    if (kind === 'bytes') return { ...request, bytes: engine.copyBytes(context, value) };
    if (kind === 'text') return { ...request, bytes: utf8Of(engine.serializeText(context, value)) };
    return request;
  };
  engine.provide('call.ask', (text, value, context) => {
    const answer = listener.askHost(requestOf(text, value, context));
    return engine.newText(context, answer === undefined ? overText : endOf(answer));
  });
  engine.provide('call.start', (text, value, context) =>
    engine.newText(context, String(listener.startHostCall(requestOf(text, value, context)))),
  );
  engine.provide('call.bytes', (json, _value, context) => {
    const { bytes = new Uint8Array() } = toldAs(JSON.parse(json));
    return engine.newBytes(context, bytes);
  });
  engine.provide('call.text', (json, _value, context) => {
    const [id, encoding] = JSON.parse(json);
    const { text = new Uint8Array() } = toldAs(id);
    return engine.newSerializedText(context, serializedIn(encoding, text));
  });
}

/** Settles the guest's promise of a call. */
export function settleCall(guest: Guest, answer: SettledCall): CallResult {
  try {
    return guest.call('settleCall', answer.id, endOf(answer));
  } finally {
    told = undefined;
  }
}

/** `SERVICE OPERATION KIND JSON`, as the prelude writes it. */
function readCall(text: string) {
  const [service = '', operation = '', kind = ''] = text.split(' ', 3);
  const json = text.slice(service.length + operation.length + kind.length + 3);
  return { service, operation, kind, json };
}

/** The end of a call as the guest reads it: its value and what is to be taken, or its error. */
function endOf(answer: SettledCall): string {
  if (answer.kind === 'refusal') return JSON.stringify({ error: answer.error });
  told = answer;
  const { id, json, bytes, text } = answer;
  return `{"id":${id},"value":${json},"hasBytes":${bytes !== undefined},"hasText":${text !== undefined}}`;
}

function toldAs(id: number): ReplyAnswer {
  if (told?.id === id) return told;
  throw new Error('What the host answered is not here any more');
}

function serializedIn(encoding: BufferEncoding, text: Uint8Array): Uint8Array {
  const isUtf8 = encoding === 'utf8' || encoding === 'utf-8';
  if (encoding === 'latin1' || encoding === 'binary' || (isUtf8 && isAscii(text))) return serializedLatin1(text);
  const decoder = new StringDecoder(encoding);
  return serializedText(text, {
    write: (piece) => decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)),
    end: () => decoder.end(),
  });
}
