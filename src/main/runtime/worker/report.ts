/** Shows guest values to people: asks the prelude, within the time a preview may take, and says so where it took too long. */
import type { QuickJSHandle } from 'quickjs-emscripten-core';
import type { ExceptionPayload, ValuePayload } from '#shared/contract/event';
import type { Instance } from './instance.ts';
import { maxEventBytes } from './output.ts';
import type { RunBudget } from './run-budget.ts';

/** Kinds of values whose JSON runs guest code: a `toJSON` or a getter. */
const kindsWithToJson = ['object', 'function', 'bigint'];

/** The payload of a value: its JSON is left out where it does not serialise, or not within what may be printed at once. */
export function describeValue(instance: Instance, budget: RunBudget, value: QuickJSHandle): ValuePayload {
  const { guest, engine, modules } = instance;
  const type = engine.context.typeof(value);
  const maxLength = Math.min(budget.limits.max_output_kb * 1024, maxEventBytes);
  const described = budget.enterPreview(() => guest.ask('describeValue', value, maxLength));
  if (described === undefined) {
    return { type, preview: '[no preview: showing this value took too long]' };
  }
  const { preview, ...rest } = parseOwn<ValuePayload>(described);
  const payload = { ...rest, preview: modules.positions.restore(preview) };
  if (!kindsWithToJson.includes(type)) return payload;
  const json = budget.enterPreview(() => guest.ask('serializeValue', value, maxLength));
  return json === undefined || json === '' || Buffer.byteLength(json) > maxLength
    ? payload
    : { ...payload, json: JSON.parse(json) };
}

/** The payload of a thrown value; of what belongs to it nothing is told where that takes too long to show. */
export function describeException(instance: Instance, budget: RunBudget, thrown: QuickJSHandle): ExceptionPayload {
  const { guest, modules } = instance;
  const described =
    budget.enterPreview(() => guest.ask('describeError', thrown)) ??
    budget.enterPreview(() => guest.ask('describeErrorBriefly', thrown));
  if (described !== undefined) {
    const { message, stack } = parseOwn<ExceptionPayload>(described);
    return { message: modules.positions.restore(message), stack: modules.positions.restore(stack) };
  }
  const message = 'Uncaught [no preview: showing what was thrown took too long]';
  return { message, stack: message };
}

/** JSON that the prelude wrote; the host checks its shape again on arrival. */
function parseOwn<Payload>(json: string): Payload {
  return JSON.parse(json) as Payload;
}
