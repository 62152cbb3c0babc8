import { expect, it } from 'vitest';
import { valueText } from '#cli/format/value-text';
import type { ValuePayload } from '#shared/contract/event';

it.each<[title: string, value: ValuePayload | undefined, text: string | undefined]>([
  ['a text as it is', { type: 'string', preview: 'a\\nb', json: 'a\nb' }, 'a\nb'],
  ['a text whole that its preview cuts', { type: 'string', preview: 'aa…', json: 'aaaa' }, 'aaaa'],
  ['an empty text as an empty line', { type: 'string', preview: '', json: '' }, ''],
  ['a number', { type: 'number', preview: '42', json: 42 }, '42'],
  ['no null for a number that JSON does not have', { type: 'number', preview: 'NaN', json: null }, 'NaN'],
  ['null', { type: 'null', preview: 'null', json: null }, 'null'],
  ['a boolean', { type: 'boolean', preview: 'false', json: false }, 'false'],
  ['a list as JSON', { type: 'array', preview: '[ 1 ]', json: [1] }, '[1]'],
  ['an object as JSON', { type: 'object', preview: '{ a: 1 }', json: { a: 1 } }, '{"a":1}'],
  ['an object as what its toJSON says', { type: 'object', preview: 'Money {}', json: 'EUR 3' }, '"EUR 3"'],
  ['a map by its preview', { type: 'map', preview: "Map(1) { 'a' => 1 }", json: {} }, "Map(1) { 'a' => 1 }"],
  ['a date by its preview', { type: 'date', preview: '2026-01-01', json: '2026' }, '2026-01-01'],
  ['a promise by its preview', { type: 'promise', preview: 'Promise { 1 }', json: {} }, 'Promise { 1 }'],
  ['a symbol by its preview', { type: 'symbol', preview: 'Symbol(a)' }, 'Symbol(a)'],
  ['nothing for undefined', { type: 'undefined', preview: 'undefined' }, undefined],
  ['nothing for no value', undefined, undefined],
])('shows %s', (_title, value, text) => {
  expect(valueText(value)).toBe(text);
});

it.each(['string', 'array', 'object'])('refuses to pass off the preview of a %s as the whole of it', (type) => {
  expect(() => valueText({ type, preview: 'a…' })).toThrow(/--json.*preview/);
});
