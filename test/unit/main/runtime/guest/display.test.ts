import { beforeEach, expect, test } from 'vitest';
import { takeTold } from '../../../../support/guest-host.ts';

const { installDisplay } = await import('../../../../../src/main/runtime/guest/display.js');
installDisplay();

interface Display {
  (value: unknown, metadata?: unknown): undefined;
  html(text: unknown): undefined;
  markdown(text: unknown): undefined;
  svg(text: unknown): undefined;
  json(value: unknown): undefined;
  image(bytes: unknown, type?: string): undefined;
  table(rows: unknown, columns?: string[]): undefined;
}

const { display } = globalThis as unknown as { display: Display };
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);

beforeEach(() => {
  takeTold();
});

const payloads = () => takeTold().map(({ argument }) => JSON.parse(String(argument)));
const dataOf = (...[value, metadata]: Parameters<Display>) => {
  expect(display(value, metadata)).toBe(undefined);
  return payloads()[0]?.data;
};

test('shows a plain value as text', () => {
  expect([dataOf('as it is'), dataOf({ a: [1] }), dataOf(undefined)]).toEqual([
    { 'text/plain': 'as it is' },
    { 'text/plain': '{ a: [ 1 ] }' },
    { 'text/plain': 'undefined' },
  ]);
});

test('shows a list of objects as a table', () => {
  expect(dataOf([{ a: 1 }])).toEqual({
    'text/plain': expect.stringContaining('│ (index) │ a │'),
    'application/vnd.vm-system.table+json': { columns: ['(index)', 'a'], rows: [['0', '1']] },
  });
});

test('shows each form of a bundle', () => {
  const bundle = {
    'text/html': '<b>bold</b>',
    'text/plain': 'bold',
    'image/png': png,
    'application/json': { a: [1, null] },
    'application/vnd.vega.v5+json': { mark: 'bar' },
  };
  expect(dataOf(bundle)).toEqual({ ...bundle, 'image/png': 'iVBORw==' });
});

test.each<[object, string]>([
  [{ 'text/markdown': '# Title' }, '# Title'],
  [{ 'text/html': '<b>x</b>' }, '[text/html, 8 characters]'],
  [{ 'image/gif': 'R0lGODlh' }, '[image/gif, 8 characters]'],
  [{ 'application/json': { a: 1 } }, '{"a":1}'],
])('gives %j a plain text', (bundle, plain) => {
  expect(dataOf(bundle)).toMatchObject({ 'text/plain': plain });
});

test('takes bytes in whatever holds them', () => {
  const { buffer } = new Uint8Array([0, ...png, 0]);
  const views = [png.buffer, new Uint8Array(buffer, 1, 4), new DataView(buffer, 1, 4), new Uint16Array(png.buffer)];
  for (const view of views) display({ 'image/png': view });
  expect(payloads().map(({ data }) => data['image/png'])).toEqual(views.map(() => 'iVBORw=='));
});

test('has a short way for each kind', () => {
  display.html('<i>h</i>');
  display.markdown('*m*');
  display.svg('<svg/>');
  display.json([1]);
  display.image(png);
  display.image(png, 'image/webp');
  display.table([{ a: 1, b: 2 }], ['b']);
  expect(payloads().map(({ data }) => Object.keys(data)[0])).toEqual([
    'text/html',
    'text/markdown',
    'image/svg+xml',
    'application/json',
    'image/png',
    'image/webp',
    'text/plain',
  ]);
});

test('keeps metadata', () => {
  display({ 'image/png': png }, { width: 4 });
  expect(payloads()).toMatchObject([{ metadata: { width: 4 } }]);
});

test.each<[string, () => void]>([
  ["'text/css' is no type", () => display({ 'text/css': 'a {}' })],
  ["'image/tiff' is no type", () => display({ 'image/tiff': png })],
  ['text/html must be a string', () => display.html(5)],
  ['image/png must be bytes', () => display({ 'image/png': {} })],
  ['is no base64', () => display({ 'image/png': 'not base64!' })],
  ['has no JSON', () => display.json(() => 1)],
  ['no PNG, JPEG', () => display.image(new Uint8Array(4))],
  ['metadata must be', () => display('x', 5)],
  ['more than 4194304 characters', () => display.html('x'.repeat(5e6))],
  ['more than 4194304 characters', () => display.image(new Uint8Array(4e6), 'image/png')],
])('refuses with a reason: %s', (reason, show) => {
  expect(show).toThrow(reason);
  expect(takeTold()).toEqual([]);
});

test('reads no getter of a bundle', () => {
  let hasRun = false;
  const bundle = {
    get 'text/html'() {
      hasRun = true;
      return 'x';
    },
  };
  expect(() => display(bundle)).toThrow('must be a string');
  expect(hasRun).toBe(false);
});
