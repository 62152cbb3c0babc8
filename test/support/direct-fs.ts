/** The fs module without a guest: the requests of its prelude, answered by its service. */
import './guest-host.ts';
import type { GuestReply } from '#core/ports';
import { fsServices } from '#main/modules/fs-service';
import type { ProtectedFiles } from '#main/modules/paths/protected-files';
import { runtimeSpec, type SpecChanges } from './real-runtime-host.ts';

const { fileCalls } = await import('../../src/main/runtime/guest/fs-calls.js');

export type DirectFs = (operation: string, ...args: readonly unknown[]) => Promise<GuestReply>;

export function directFs(changes: SpecChanges, protectedFiles?: ProtectedFiles): DirectFs {
  const service = fsServices(protectedFiles)(runtimeSpec({ modules: ['fs'], ...changes }));
  if (service === undefined) throw new Error('The module fs is not granted');
  const context = { abort: new AbortController().signal, print: () => undefined };
  return async (name, first, second, third) => {
    const request = fileCalls[name]?.ask(first, second, third);
    if (request === undefined) throw new Error(`fs has no ${name}`);
    const { operation, argument, text } = request;
    const bytes = text === undefined ? request.bytes : Buffer.from(text);
    const call = { service: 'fs', operation, argument: JSON.parse(JSON.stringify(argument)) };
    const reply = await service.call(bytes === undefined ? call : { ...call, bytes: new Uint8Array(bytes) }, context);
    return reply.text === undefined ? reply : { value: new TextDecoder().decode(reply.text) };
  };
}

/** The code that a call is refused with, or what it answers. */
export async function outcomeOf(call: Promise<GuestReply>): Promise<unknown> {
  try {
    return { answered: (await call).value };
  } catch (error) {
    return error instanceof Error && 'fields' in error ? Object(error.fields).code : error;
  }
}
