/** `fetch` of guests against real servers on loopback: what a template allows, and nothing that a server or a guest tries. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Runtime, RuntimeHost } from '#core/ports';
import { fetchServices } from '#main/modules/fetch/fetch-service';
import { GrantedServices } from '#main/modules/guest-services';
import type { JsonValue } from '#shared/contract/primitive';
import type { Capability, Limits } from '#shared/contract/template';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { printed, runCode } from '../../support/run-code.ts';

let host: RuntimeHost;
let server: Server;
let port: number;
/** What a test wants the server to do. */
let serve: RequestListener;
/** Requests that the server has got in this test. */
let seen: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] }[] = [];
let runtime: Runtime | undefined;
let openedWith = '';

/** Names of no real zone, and where they lead. */
const names: Readonly<Record<string, readonly string[]>> = {
  'inside.example': ['127.0.0.1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'both.example': ['127.0.0.1', '::1'],
};

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    serve(request, response);
  });
  port = await listen(server);
  const resolve = async (name: string) =>
    (names[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  host = createRealRuntimeHost({ services: new GrantedServices({ fetch: fetchServices({ resolve }) }) });
});

afterEach(() => {
  seen = [];
});

afterAll(async () => {
  await host.close();
  server.closeAllConnections();
  server.close();
});

async function listen(one: { listen(port: number, host: string, done: () => void): unknown; address(): unknown }) {
  await new Promise<void>((done) => {
    one.listen(0, '127.0.0.1', done);
  });
  return (one.address() as AddressInfo).port;
}

interface Grants {
  readonly hosts?: string[];
  readonly max_response_bytes?: number;
  readonly timeout_ms?: number;
  readonly limits?: Partial<Limits>;
}

/** Runs code whose template allows the server, unless it says otherwise. Tests that change nothing share a runtime. */
async function run(source: string, { limits = {}, ...config }: Grants = {}) {
  const grants = { hosts: [`127.0.0.1:${port}`], ...config };
  const key = JSON.stringify(grants);
  if (runtime?.isAlive !== true || key !== openedWith) {
    await runtime?.close();
    runtime = await host.open(runtimeSpec({ capabilities: [netCapability(grants)] }));
    openedWith = key;
  }
  return await runCode(runtime, source.replaceAll('BASE', `http://127.0.0.1:${port}`), { limits });
}

const netCapability = (config: JsonValue, enabled = true): Capability => ({
  id: 'c',
  vm_id: 't',
  name: 'web',
  kind: 'net',
  enabled,
  config,
});

const jsonOf = async (source: string, grants?: Grants) => {
  const { end } = await run(source, grants);
  return end.kind === 'value' ? end.value.json : end;
};

/** How a fetch is refused, as the guest sees it. */
const refusal = (call: string) =>
  `await fetch(${call}).then(() => 'answered', (e) => [e instanceof TypeError, e.code ?? '', e.message])`;

const json = (response: ServerResponse, value: unknown) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
};

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a guest', () => {
  test('has no fetch without a net capability, and none by a disabled one', async () => {
    const types = '[typeof fetch, typeof Headers, typeof Request, typeof Response, typeof AbortController]';
    for (const capabilities of [[], [netCapability({ hosts: ['*'] }, false)]]) {
      const one = await host.open(runtimeSpec({ capabilities }));
      const { end } = await runCode(one, types);
      await one.close();
      expect(end).toMatchObject({ value: { json: ['undefined', 'undefined', 'undefined', 'undefined', 'function'] } });
    }
  });

  test('reads what a server answers', async () => {
    serve = (_request, response) => {
      response.statusMessage = 'Fine';
      response.writeHead(
        201,
        [
          ['X-One', 'a'],
          ['X-One', 'b'],
          ['Set-Cookie', 'c=1'],
          ['Set-Cookie', 'd=2'],
        ].flat(),
      );
      response.end('{"ü":1}');
    };
    const value = await jsonOf(`
      const r = await fetch('BASE/x?y=1#z');
      const twin = r.clone();
      const before = r.bodyUsed;
      [r.ok, r.status, r.statusText, r.headers.get('x-one'), r.headers.getSetCookie(), r.url, r.redirected, r.type, before,
        await r.json(), r.bodyUsed, await r.text().catch((e) => e.name), await twin.text(), r instanceof Response]`);
    expect(value).toEqual([
      true,
      201,
      'Fine',
      'a, b',
      ['c=1', 'd=2'],
      `http://127.0.0.1:${port}/x?y=1`,
      false,
      'basic',
      false,
      { ü: 1 },
      true,
      'TypeError',
      '{"ü":1}',
      true,
    ]);
    expect(seen[0]).toMatchObject({
      method: 'GET',
      url: '/x?y=1',
      headers: { host: `127.0.0.1:${port}`, accept: '*/*' },
    });
  });

  test.each([
    [`'text ü'`, 'text ü', 'text/plain;charset=UTF-8'],
    [`new URLSearchParams({ a: 'b c' })`, 'a=b+c', 'application/x-www-form-urlencoded;charset=UTF-8'],
    [`new Uint8Array([104, 105]).subarray(1)`, 'i', undefined],
    [`new Uint8Array([104, 105]).buffer`, 'hi', undefined],
  ])('sends a body: %s', async (body, text, type) => {
    serve = async (request, response) => {
      json(response, [(await bodyOf(request)).toString(), request.headers['content-type'] ?? null, request.method]);
    };
    const value = await jsonOf(`await (await fetch('BASE/', { method: 'post', body: ${body} })).json()`);
    expect(value).toEqual([text, type ?? null, 'POST']);
  });

  test('sends a Request, with headers of any shape', async () => {
    serve = (request, response) => json(response, [request.method, request.headers['x-a'], request.headers['x-b']]);
    const value = await jsonOf(`
      const request = new Request('BASE/', { method: 'PUT', headers: [['X-A', '1'], ['x-a', '2']], body: 'b' });
      [await (await fetch(request.clone(), { headers: { 'x-b': 3 } })).json(), await (await fetch(request)).json(), request.bodyUsed]`);
    expect(value).toEqual([['PUT', null, '3'], ['PUT', '1, 2', null], true]);
  });

  test('uploads and downloads megabytes unchanged', async () => {
    serve = async (request, response) => response.end(await bodyOf(request));
    const value = await jsonOf(
      `const bytes = new Uint8Array(6e6); for (let i = 0; i < bytes.length; i += 997) bytes[i] = i;
       const back = await (await fetch('BASE/', { method: 'POST', body: bytes })).bytes();
       [back.length, back.every((byte, i) => byte === bytes[i])]`,
      { limits: { cpu_ms: 20_000, wall_ms: 20_000 } },
    );
    expect(value).toEqual([6e6, true]);
  });

  test('fetches many things at once, and its run waits for all of them', async () => {
    serve = (request, response) => setTimeout(() => response.end(request.url), 20);
    const outcome = await run(
      `for (let i = 0; i < 30; i++) fetch('BASE/' + i).then((r) => r.text()).then((text) => console.log(text)); 0`,
    );
    expect(printed(outcome).sort()).toEqual(Array.from({ length: 30 }, (_, i) => `/${i}`).sort());
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('reads what was packed by %s', async (coding, pack) => {
    serve = (_request, response) => {
      response.setHeader('content-encoding', coding);
      response.end(pack('packed '.repeat(1000)));
    };
    expect(await jsonOf(`(await (await fetch('BASE/')).text()).length`)).toBe(7000);
    expect(seen[0]?.headers['accept-encoding']).toContain(coding);
  });

  test.each([
    ['a HEAD request', `{ method: 'HEAD' }`, 200],
    ['no content', `{}`, 204],
    ['not modified', `{}`, 304],
  ])('gets an empty body of %s', async (_name, init, status) => {
    serve = (_request, response) => {
      response.writeHead(status, { 'x-a': '1' });
      response.end();
    };
    expect(await jsonOf(`const r = await fetch('BASE/', ${init}); [r.status, await r.text()]`)).toEqual([status, '']);
  });
});

describe('the way to a host', () => {
  test('is refused with the rule, and how to allow it, before anything is sent', async () => {
    const value = await jsonOf(refusal(`'http://other.example:8080/secret'`));
    expect(value).toMatchObject([true, 'NET_HOST_NOT_ALLOWED', expect.stringContaining('other.example:8080')]);
    expect(String(value)).toContain('template "test"');
    expect(String(value)).toContain(`--kind net --name NAME --config '{"hosts":["other.example:8080"]}'`);
  });

  const here = (hostname: string) => `'http://${hostname}:' + new URL('BASE').port + '/'`;

  test.each([
    ['localhost', 'localhost'],
    ['a short form', '127.1'],
    ['a number', '2130706433'],
    ['octal', '0177.0.0.1'],
    ['hexadecimal', '0x7f000001'],
    ['another address of this machine', '127.0.0.2'],
    ['any address', '0.0.0.0'],
    ['IPv6', '[::1]'],
    ['a mapped address', '[::ffff:127.0.0.1]'],
    ['a mapped address in hexadecimal', '[::ffff:7f00:1]'],
    ['any address of IPv6', '[::]'],
    ['full-width digits', '１２７.0.0.1'],
    ['a user name', 'example.com@127.0.0.1'],
    ['an encoded dot', '127%2E0.0.1'],
  ])('is not opened by an address that is not public, under any pattern: %s', async (_name, hostname) => {
    const value = await jsonOf(refusal(here(hostname)), { hosts: [`*:${port}`] });
    expect(value).toMatchObject([true, expect.not.stringMatching(/^E/), expect.any(String)]);
    expect(seen).toEqual([]);
  });

  test.each(['inside.example', 'mapped.example', 'both.example', 'metadata.example'])(
    'is not opened by a name that leads inside: %s',
    async (name) => {
      const value = await jsonOf(refusal(here(name)), { hosts: [`${name}:${port}`] });
      expect(value).toMatchObject([true, 'NET_ADDRESS_NOT_ALLOWED', expect.stringContaining('no public address')]);
      expect(seen).toEqual([]);
    },
  );

  test('is open to a name that leads inside where that address is named too', async () => {
    serve = (request, response) => response.end(request.headers.host);
    const value = await jsonOf(`await (await fetch(${here('inside.example')})).text()`, {
      hosts: [`inside.example:${port}`, `127.0.0.1:${port}`],
    });
    expect(value).toBe(`inside.example:${port}`);
  });

  test.each([
    `'ftp://127.0.0.1/'`,
    `'file:///etc/passwd'`,
    `'data:text/plain,x'`,
    `'http://u:p@127.0.0.1/'`,
    `'/relative'`,
    `''`,
  ])('is none for %s', async (url) => {
    expect(await jsonOf(refusal(url), { hosts: ['*', '127.0.0.1'] })).toMatchObject([
      true,
      expect.anything(),
      expect.anything(),
    ]);
  });

  test('is none through a proxy of the environment', async () => {
    process.env.http_proxy = process.env.HTTP_PROXY = 'http://127.0.0.1:1';
    try {
      serve = (_request, response) => response.end('direct');
      expect(await jsonOf(`await (await fetch('BASE/')).text()`)).toBe('direct');
    } finally {
      delete process.env.http_proxy;
      delete process.env.HTTP_PROXY;
    }
  });

  test('that nobody answers on says why', async () => {
    const closed = createTcpServer();
    const free = await listen(closed);
    await new Promise((done) => closed.close(done));
    const value = await jsonOf(refusal(`'http://127.0.0.1:${free}/'`), { hosts: [`127.0.0.1:${free}`] });
    expect(value).toMatchObject([true, 'ECONNREFUSED', expect.stringContaining(`127.0.0.1:${free}`)]);
  });
});

describe('a redirect', () => {
  const to =
    (location: string, status = 302): RequestListener =>
    (request, response) => {
      if (request.url !== '/') return json(response, [request.method, request.url, request.headers]);
      response.writeHead(status, { location });
      response.end();
    };

  test('is followed, and the response says so', async () => {
    serve = to('/there?x=1');
    const value = await jsonOf(`const r = await fetch('BASE/#f'); [r.redirected, r.url, (await r.json())[1]]`);
    expect(value).toEqual([true, `http://127.0.0.1:${port}/there?x=1`, '/there?x=1']);
  });

  test.each([
    'http://other.example/',
    'http://localhost/',
    'http://169.254.169.254/latest/meta-data',
    '//[::1]/',
    'http://inside.example/',
    'file:///etc/passwd',
    'javascript:1',
    'http://u:p@127.0.0.1/',
    'http://[bad',
  ])('to what is not allowed is refused: %s', async (location) => {
    serve = to(location);
    const value = await jsonOf(refusal(`'BASE/'`), { hosts: [`127.0.0.1:${port}`, 'inside.example'] });
    expect(value).toMatchObject([true, expect.stringMatching(/^NET_/), expect.any(String)]);
    expect(seen).toHaveLength(1);
  });

  test('without end is given up after ten', async () => {
    serve = (_request, response) => {
      response.writeHead(302, { location: '/' });
      response.end('x'.repeat(100_000));
    };
    expect(await jsonOf(refusal(`'BASE/'`))).toMatchObject([true, 'NET_REDIRECT', expect.stringContaining('10')]);
    expect(seen).toHaveLength(11);
  });

  test('is an error or a response where the guest wants that', async () => {
    serve = to('/there');
    expect(await jsonOf(refusal(`'BASE/', { redirect: 'error' }`))).toMatchObject([
      true,
      'NET_REDIRECT',
      expect.any(String),
    ]);
    const value = await jsonOf(
      `const r = await fetch('BASE/', { redirect: 'manual' }); [r.status, r.headers.get('location')]`,
    );
    expect(value).toEqual([302, '/there']);
  });

  test.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'PUT', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
  ])('with %s makes of %s a %s', async (status, method, then) => {
    serve = to('/there', status);
    const value = await jsonOf(`await (await fetch('BASE/', { method: '${method}', body: 'b' })).json()`);
    expect(value).toMatchObject([
      then,
      '/there',
      then === 'GET'
        ? expect.not.objectContaining({ 'content-type': 'text/plain;charset=UTF-8' })
        : { 'content-length': '1' },
    ]);
  });

  test('takes no secret along to another origin, and keeps it within one', async () => {
    const other = createServer((request, response) => json(response, request.headers));
    const otherPort = await listen(other);
    const init = `{ headers: { authorization: 'Bearer x', cookie: 'a=b', 'x-other': 'y' } }`;
    const hosts = [`127.0.0.1:${port}`, `127.0.0.1:${otherPort}`];
    serve = to(`http://127.0.0.1:${otherPort}/there`);
    const foreign = await jsonOf(`await (await fetch('BASE/', ${init})).json()`, { hosts });
    serve = to('/there');
    const own = await jsonOf(`(await (await fetch('BASE/', ${init})).json())[2]`, { hosts });
    other.closeAllConnections();
    other.close();
    expect(foreign).toMatchObject({ 'x-other': 'y' });
    expect(Object.keys(foreign as object)).not.toEqual(expect.arrayContaining(['authorization']));
    expect(Object.keys(foreign as object)).not.toEqual(expect.arrayContaining(['cookie']));
    expect(own).toMatchObject({ authorization: 'Bearer x', cookie: 'a=b', 'x-other': 'y' });
  });
});

describe('a request', () => {
  test('leaves out the headers that say how a connection is used', async () => {
    serve = (request, response) => json(response, request.headers);
    const value = await jsonOf(`
      await (await fetch('BASE/', { method: 'POST', body: 'abc', headers: { Host: 'evil.example', Connection: 'upgrade', 'Content-Length': '1',
        'Transfer-Encoding': 'chunked', Upgrade: 'h2c', TE: 'trailers', Expect: '100-continue', 'Proxy-Authorization': 'x', 'Keep-Alive': 'x' } })).json()`);
    expect(value).toMatchObject({ host: `127.0.0.1:${port}`, 'content-length': '3', connection: 'keep-alive' });
    for (const name of ['transfer-encoding', 'upgrade', 'te', 'expect', 'proxy-authorization', 'keep-alive']) {
      expect(value).not.toHaveProperty(name);
    }
  });

  test.each([
    `'BASE/', { headers: { 'x-a': 'a\\r\\nx-evil: 1' } }`,
    `'BASE/', { headers: { 'x-a': 'a\\nb' } }`,
    `'BASE/', { headers: { 'x-a': 'a\\0b' } }`,
    `'BASE/', { headers: { 'x-a': '\\u0100' } }`,
    `'BASE/', { headers: { 'x-a\\r\\nx-evil': '1' } }`,
    `'BASE/', { headers: { 'x a': '1' } }`,
    `'BASE/', { headers: { '': '1' } }`,
    `'BASE/', { headers: [['a']] }`,
    `'BASE/', { headers: Array.from({ length: 200 }, (_, i) => ['x-' + i, '1']) }`,
    `'BASE/', { headers: { 'x-a': 'x'.repeat(1e5) } }`,
    `'BASE/', { method: 'GET /evil HTTP/1.1\\r\\nx: ' }`,
    `'BASE/', { method: 'CONNECT' }`,
    `'BASE/', { method: 'trace' }`,
    `'BASE/', { method: '' }`,
    `'BASE/', { body: 'x' }`,
    `'BASE/', { redirect: 'sideways' }`,
    `'BASE/', { signal: {} }`,
    `'BASE/' + 'x'.repeat(1e5)`,
  ])('that cannot be sent is a TypeError: %s', async (call) => {
    expect(await jsonOf(refusal(call))).toEqual([true, expect.any(String), expect.any(String)]);
    expect(seen).toEqual([]);
  });

  test('cannot smuggle another one in its path', async () => {
    serve = (request, response) => response.end(request.url);
    expect(await jsonOf(`await (await fetch('BASE/a b\\r\\nGET /evil HTTP/1.1\\t?q= \\n')).text()`)).toBe(
      '/a%20bGET%20/evil%20HTTP/1.1?q=',
    );
    expect(seen).toHaveLength(1);
  });
});

describe('a response', () => {
  const tooLarge = [true, 'NET_RESPONSE_TOO_LARGE', expect.stringContaining('max_response_bytes')];

  test('is cut off where it has more bytes than the capability allows', async () => {
    serve = (_request, response) => response.end('x'.repeat(2000));
    expect(await jsonOf(refusal(`'BASE/'`), { max_response_bytes: 1999 })).toMatchObject(tooLarge);
    expect(await jsonOf(`(await (await fetch('BASE/')).text()).length`, { max_response_bytes: 2000 })).toBe(2000);
  });

  test.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(50_000_000)))],
    ['br', brotliCompressSync(Buffer.alloc(5_000_000))],
  ])('that is a bomb packed by %s is cut off', async (coding, bomb) => {
    serve = (_request, response) => {
      response.setHeader('content-encoding', coding);
      response.end(bomb);
    };
    expect(await jsonOf(refusal(`'BASE/'`), { max_response_bytes: 1_000_000 })).toMatchObject(tooLarge);
  });

  test('without end is cut off, and the server sees that nobody reads it', async () => {
    const gone = Promise.withResolvers<void>();
    serve = (_request, response) => {
      response.on('close', () => gone.resolve());
      const pour = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', pour);
      };
      pour();
    };
    expect(await jsonOf(refusal(`'BASE/'`), { max_response_bytes: 1_000_000 })).toMatchObject(tooLarge);
    await gone.promise;
  });

  test.each([
    ['an unknown coding', 'compress', 'x'],
    ['a coding that does not hold', 'gzip', 'no gzip at all'],
    ['more codings than anybody uses', 'gzip, gzip, gzip, gzip', 'x'],
  ])('with %s is a TypeError', async (_name, coding, body) => {
    serve = (_request, response) => {
      response.setHeader('content-encoding', coding);
      response.end(body);
    };
    expect(await jsonOf(refusal(`'BASE/'`))).toMatchObject([true, expect.any(String), expect.any(String)]);
  });

  test.each([
    [
      'breaks off',
      (request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('x', () => request.socket.destroy());
      },
    ],
    ['is no HTTP', (request: IncomingMessage) => request.socket.end('SSH-2.0-x\r\n\r\n')],
    [
      'has headers without end',
      (request: IncomingMessage) => {
        const { socket } = request;
        socket.on('error', () => undefined);
        socket.write('HTTP/1.1 200 OK\r\n');
        const pour = () => {
          while (!socket.destroyed && socket.write(`x: ${'y'.repeat(1000)}\r\n`));
          if (!socket.destroyed) socket.once('drain', pour);
        };
        pour();
      },
    ],
    [
      'has two lengths',
      (request: IncomingMessage) =>
        request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'),
    ],
  ])('that %s is a TypeError', async (_name, answer) => {
    serve = answer as RequestListener;
    expect(await jsonOf(refusal(`'BASE/'`))).toMatchObject([true, expect.any(String), expect.any(String)]);
  });

  test('that does not come in time is a TypeError, and the session goes on', async () => {
    serve = () => undefined;
    const value = await jsonOf(refusal(`'BASE/'`), { timeout_ms: 100 });
    expect(value).toMatchObject([true, 'NET_TIMEOUT', expect.stringContaining('timeout_ms')]);
  });
});

describe('a fetch that is given up', () => {
  /** Resolves when the server's connection of the next request is closed. */
  const untilGone = () => {
    const gone = Promise.withResolvers<void>();
    serve = (request) => request.socket.once('close', () => gone.resolve());
    return gone.promise;
  };

  test('by its signal rejects with the reason, and ends at the server', async () => {
    const gone = untilGone();
    const value = await jsonOf(`
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      await fetch('BASE/', { signal: controller.signal }).catch((e) => [e.name, e instanceof DOMException, e === controller.signal.reason])`);
    expect(value).toEqual(['AbortError', true, true]);
    await gone;
  });

  test('by a signal with a time is over by then', async () => {
    const gone = untilGone();
    expect(await jsonOf(`await fetch('BASE/', { signal: AbortSignal.timeout(50) }).catch((e) => e.name)`)).toBe(
      'TimeoutError',
    );
    await gone;
  });

  test('before it began sends nothing', async () => {
    expect(await jsonOf(`await fetch('BASE/', { signal: AbortSignal.abort('no') }).catch((e) => e)`)).toBe('no');
    expect(seen).toEqual([]);
  });

  test('by the limit of its run ends at the server', async () => {
    const gone = untilGone();
    const { end, usable } = await run(`await fetch('BASE/')`, { limits: { wall_ms: 300 } });
    expect({ end, usable }).toMatchObject({ end: { kind: 'limit', limit: 'wall_ms' }, usable: true });
    await gone;
  });

  test('by a cancel ends at the server, whether it waits for the head or for the body', async () => {
    for (const begin of [false, true]) {
      const arrived = Promise.withResolvers<void>();
      const gone = Promise.withResolvers<void>();
      serve = (_request, response) => {
        response.on('close', () => gone.resolve());
        if (begin) response.write('first part');
        arrived.resolve();
      };
      const running = run(`await fetch('BASE/')`);
      await arrived.promise;
      runtime?.cancel();
      expect((await running).end).toEqual({ kind: 'cancelled' });
      await gone.promise;
    }
  });

  test('by closing its runtime ends at the server', async () => {
    const arrived = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    serve = (_request, response) => {
      response.on('close', () => gone.resolve());
      arrived.resolve();
    };
    const running = run(`await fetch('BASE/')`);
    await arrived.promise;
    await runtime?.close();
    expect((await running).end).toEqual({ kind: 'cancelled' });
    await gone.promise;
  });
});

test('a guest that waits for its turn gets it, or gives it up', async () => {
  let open = 0;
  let most = 0;
  serve = (request, response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.end(request.url);
    }, 20);
  };
  const value = await jsonOf(`
    const controller = new AbortController();
    const first = Array.from({ length: 24 }, (_, i) => fetch('BASE/' + i).then((r) => r.status));
    const late = fetch('BASE/late', { signal: controller.signal }).catch((e) => e.name);
    controller.abort();
    [await late, (await Promise.all(first)).every((status) => status === 200)]`);
  expect(value).toEqual(['AbortError', true]);
  expect(seen.map(({ url }) => url)).not.toContain('/late');
  expect(most).toBeLessThanOrEqual(8);
});
