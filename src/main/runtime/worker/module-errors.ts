/**
 * What goes wrong between an import and its module, on its way to the guest: errors of the guest's own pass as they are,
 * refusals become errors with a code, and problems of a source point at their place.
 */
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core';
import { SourceProblem } from './file-text.ts';

/** An error of the guest on its way through code of ours. */
export class GuestThrown extends Error {
  readonly handle: QuickJSHandle;

  constructor(handle: QuickJSHandle) {
    super('The guest threw');
    this.handle = handle;
  }
}

/** What the host refused, as the guest gets it thrown. */
export class Refusal extends Error {
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.fields = fields;
  }
}

export interface ImportRequest {
  readonly specifier: string;
  readonly importer: string;
  readonly verb: 'import' | 'require';
}

/** Refuses a request with a reason that follows a colon. */
export function refuse({ specifier, importer, verb }: ImportRequest, reason: string): never {
  throw new Refusal(`Cannot ${verb} "${specifier}" from "${importer}": ${reason}`, { code: 'MODULE_NOT_FOUND' });
}

/** Where the code called `name` could not be loaded. */
export function toGuestError(context: QuickJSContext, error: unknown, name: string): QuickJSHandle {
  if (error instanceof GuestThrown) return error.handle;
  if (error instanceof SourceProblem) return newPlacedError(context, error, `${name}:${error.line}:${error.column}`);
  const handle = context.newError(error instanceof Error ? error.message : String(error));
  const { code } = error instanceof Refusal ? error.fields : {};
  return typeof code === 'string' ? withText(context, handle, { code }) : handle;
}

/** An error whose stack is one place. */
export function newPlacedError(
  context: QuickJSContext,
  { name, message }: Pick<Error, 'name' | 'message'>,
  place: string,
): QuickJSHandle {
  return withText(context, context.newError({ name, message }), { stack: `    at ${place}\n` });
}

/** Of an error that the engine made, which has no getters. */
export function messageOf(context: QuickJSContext, error: QuickJSHandle): string {
  return context.getProp(error, 'message').consume((message) => context.getString(message));
}

function withText(
  context: QuickJSContext,
  handle: QuickJSHandle,
  texts: Readonly<Record<string, string>>,
): QuickJSHandle {
  for (const [property, text] of Object.entries(texts)) {
    context.newString(text).consume((value) => context.setProp(handle, property, value));
  }
  return handle;
}
