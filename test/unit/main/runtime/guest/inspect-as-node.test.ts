import '../../../../support/guest-host.ts';
import { inspect as nodeInspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { bodyOf, inspectedValues } from '../../../../support/inspected-values.ts';

const { inspect } = await import('../../../../../src/main/runtime/guest/inspect.js');
const { installProxy } = await import('../../../../../src/main/runtime/guest/proxies.js');
const NodeProxy = Proxy;
installProxy();
const GuestProxy = Proxy;
globalThis.Proxy = NodeProxy;

const values = inspectedValues.filter(({ needsEngine }) => needsEngine !== true);
const evaluate = (source: string): unknown => new Function('Proxy', bodyOf(source))(GuestProxy);

/** A preview goes six levels deep, where Node goes two: there is no second call to look deeper with. */
const asNode = (value: unknown) => nodeInspect(value, { depth: 6 });

describe('as Node shows it', () => {
  test.each(values.filter(({ differs }) => differs === undefined))('$source', ({ source }) => {
    const value = evaluate(source);
    expect(inspect(value)).toBe(asNode(value));
  });
});

describe('otherwise than Node', () => {
  test.each(values.filter(({ differs }) => differs !== undefined))('$source', ({ source, differs }) => {
    const value = evaluate(source);
    expect(inspect(value)).toBe(differs?.preview);
    expect(asNode(value)).not.toBe(differs?.preview);
  });
});

test('the table is worth its name', () => {
  expect(inspectedValues.length).toBeGreaterThan(150);
});
