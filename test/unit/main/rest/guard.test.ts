import { describe, expect, it } from 'vitest';
import { guard } from '#main/rest/guard';
import { type GuardPolicyInput, guardPolicy } from '#main/rest/guard-policy';
import type { RequestHead } from '#main/rest/request-head';

const token = 'the-token';
const me = 1000;
const someoneElse = 65534;

interface Case extends Partial<Omit<RequestHead, 'rawHeaders'>> {
  /** Added behind a right Host header; a Host here replaces it. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly policy?: Partial<GuardPolicyInput>;
}

function judge({ headers = [], policy = {}, ...head }: Case): string {
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host');
  const verdict = guard(
    {
      method: 'GET',
      url: '/api/v1/health',
      remoteAddress: '127.0.0.1',
      localAddress: '127.0.0.1',
      localPort: 3210,
      peerUid: me,
      access: 'read',
      ...head,
      rawHeaders: [...(hasHost ? [] : ['Host', '127.0.0.1:3210']), ...headers.flat()],
    },
    guardPolicy({ access: 'compat', hosts: ['127.0.0.1', '::1'], token, ownUid: me, ...policy }),
  );
  if (!verdict.admitted) return verdict.refusal.code;
  const { proven, authenticated } = verdict.caller;
  return [proven && 'proven', authenticated && 'authenticated'].filter(Boolean).join(' ') || 'stranger';
}

const bearer = ['Authorization', `Bearer ${token}`] as const;
const json = ['Content-Type', 'application/json'] as const;
const body = ['Content-Length', '2'] as const;
const tokenMode = { access: 'token' } as const;

type Row = readonly [title: string, request: Case, verdict: string];

const sections: Readonly<Record<string, readonly Row[]>> = {
  'where it comes from': [
    ['another address of loopback', { remoteAddress: '127.8.8.8' }, 'proven'],
    ['IPv6 loopback', { remoteAddress: '::1' }, 'proven'],
    ['IPv4 loopback on an IPv6 socket', { remoteAddress: '::ffff:127.0.0.1' }, 'proven'],
    ['an address of the network', { remoteAddress: '192.168.1.7' }, 'FORBIDDEN'],
    ['a network address that only looks like loopback', { remoteAddress: '127.0.0.1.example' }, 'FORBIDDEN'],
    ['a network address, even with the token', { remoteAddress: '10.0.0.1', headers: [bearer] }, 'FORBIDDEN'],
    ['a connection that has closed', { remoteAddress: undefined }, 'FORBIDDEN'],
  ],
  'the Host header': [
    ['localhost', { headers: [['Host', 'localhost:3210']] }, 'proven'],
    ['IPv6', { headers: [['Host', '[::1]:3210']] }, 'proven'],
    ['capitals', { headers: [['HOST', 'LocalHost:3210']] }, 'proven'],
    [
      'another loopback address that is listened on',
      { policy: { hosts: ['127.0.0.2'] }, headers: [['Host', '127.0.0.2:3210']] },
      'proven',
    ],
    ['a missing port', { headers: [['Host', '127.0.0.1']] }, 'FORBIDDEN'],
    ['another port', { headers: [['Host', '127.0.0.1:3211']] }, 'FORBIDDEN'],
    ['a rebound name', { headers: [['Host', 'evil.example:3210']] }, 'FORBIDDEN'],
    ['a name that resolves to loopback', { headers: [['Host', '127.0.0.1.nip.io:3210']] }, 'FORBIDDEN'],
    ['a name below localhost', { headers: [['Host', 'evil.localhost:3210']] }, 'FORBIDDEN'],
    ['a trailing dot', { headers: [['Host', 'localhost.:3210']] }, 'FORBIDDEN'],
    ['0.0.0.0', { headers: [['Host', '0.0.0.0:3210']] }, 'FORBIDDEN'],
    ['nothing', { headers: [['Host', '']] }, 'FORBIDDEN'],
    [
      'a second one',
      {
        headers: [
          ['Host', '127.0.0.1:3210'],
          ['host', 'evil.example'],
        ],
      },
      'FORBIDDEN',
    ],
    ['a wrong one, even with the token', { headers: [['Host', 'evil.example'], bearer] }, 'FORBIDDEN'],
  ],
  'the request target': [
    ['an absolute one', { url: 'http://evil.example/api/v1/health' }, 'FORBIDDEN'],
    ['an asterisk', { url: '*' }, 'FORBIDDEN'],
    ['an authority', { url: '127.0.0.1:3210' }, 'FORBIDDEN'],
  ],
  'the Authorization header': [
    ['the token', { headers: [bearer] }, 'proven authenticated'],
    [
      'the token under a lower-case scheme',
      { headers: [['authorization', `bearer ${token}`]] },
      'proven authenticated',
    ],
    ['a wrong token', { headers: [['Authorization', 'Bearer the-tokem']] }, 'UNAUTHORIZED'],
    ['a part of the token', { headers: [['Authorization', 'Bearer the']] }, 'UNAUTHORIZED'],
    ['an empty token', { headers: [['Authorization', 'Bearer ']] }, 'UNAUTHORIZED'],
    ['another scheme', { headers: [['Authorization', `Basic ${token}`]] }, 'UNAUTHORIZED'],
    ['the token twice', { headers: [bearer, bearer] }, 'UNAUTHORIZED'],
    [
      'a wrong token where none is needed',
      { access: 'open', headers: [['Authorization', 'Bearer x']] },
      'UNAUTHORIZED',
    ],
  ],
  browsers: [
    ['a foreign Origin', { headers: [['Origin', 'http://evil.example']] }, 'FORBIDDEN'],
    ['a foreign Origin with the token', { headers: [['Origin', 'http://evil.example'], bearer] }, 'FORBIDDEN'],
    ['Origin null', { headers: [['Origin', 'null'], bearer] }, 'FORBIDDEN'],
    ['the Origin of another local port', { headers: [['Origin', 'http://127.0.0.1:8080'], bearer] }, 'FORBIDDEN'],
    ['our own Origin by https', { headers: [['Origin', 'https://127.0.0.1:3210'], bearer] }, 'FORBIDDEN'],
    ['our Origin by another of our names', { headers: [['Origin', 'http://localhost:3210'], bearer] }, 'FORBIDDEN'],
    ['our own Origin without the token', { headers: [['Origin', 'http://127.0.0.1:3210']] }, 'UNAUTHORIZED'],
    [
      'our own Origin with the token',
      { headers: [['Origin', 'http://127.0.0.1:3210'], bearer] },
      'proven authenticated',
    ],
    ['a cross-site fetch', { headers: [['Sec-Fetch-Site', 'cross-site'], bearer] }, 'FORBIDDEN'],
    ['a same-site fetch', { headers: [['Sec-Fetch-Site', 'same-site'], bearer] }, 'FORBIDDEN'],
    [
      'a same-origin fetch with the token',
      { headers: [['Sec-Fetch-Site', 'same-origin'], bearer] },
      'proven authenticated',
    ],
    ['a typed address', { headers: [['Sec-Fetch-Site', 'none']] }, 'UNAUTHORIZED'],
    ['the destination of an image', { headers: [['Sec-Fetch-Dest', 'image']] }, 'UNAUTHORIZED'],
    ['a click of a user', { headers: [['Sec-Fetch-User', '?1']] }, 'UNAUTHORIZED'],
    ['what fetch of Node sends', { headers: [['Sec-Fetch-Mode', 'cors']] }, 'proven'],
    ['a Referer', { headers: [['Referer', 'http://evil.example/']] }, 'UNAUTHORIZED'],
    ['a Cookie', { headers: [['Cookie', 'a=b']] }, 'UNAUTHORIZED'],
    ['a Cookie on the open route', { access: 'open', headers: [['Cookie', 'a=b']] }, 'UNAUTHORIZED'],
    ['OPTIONS', { method: 'OPTIONS' }, 'FORBIDDEN'],
    ['OPTIONS with the token', { method: 'OPTIONS', headers: [bearer] }, 'FORBIDDEN'],
  ],
  bodies: [
    ['JSON', { method: 'POST', headers: [json, body] }, 'proven'],
    [
      'JSON with its charset',
      { method: 'POST', headers: [['content-type', 'Application/JSON; charset=UTF-8'], body] },
      'proven',
    ],
    [
      'JSON with its charset quoted',
      { method: 'POST', headers: [['content-type', 'application/json;charset="utf-8"'], body] },
      'proven',
    ],
    [
      'JSON in another charset',
      { method: 'POST', headers: [['content-type', 'application/json; charset=latin1'], body] },
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a form',
      { method: 'POST', headers: [['Content-Type', 'application/x-www-form-urlencoded'], body] },
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a multipart form',
      { method: 'POST', headers: [['Content-Type', 'multipart/form-data; boundary=x'], body] },
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'plain text that mentions JSON',
      { method: 'POST', headers: [['Content-Type', 'text/plain; application/json'], body] },
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a type that begins like JSON',
      { method: 'POST', headers: [['Content-Type', 'application/jsonp'], body] },
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['no type', { method: 'POST', headers: [body] }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an empty type', { method: 'POST', headers: [['Content-Type', ''], body] }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['chunks, which may be none', { method: 'POST', headers: [['Transfer-Encoding', 'chunked']] }, 'proven'],
    ['two types', { method: 'POST', headers: [json, ['content-type', 'text/plain'], body] }, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a form, even with the token',
      { method: 'POST', headers: [['Content-Type', 'text/plain'], body, bearer] },
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a form type without a body', { method: 'POST', headers: [['Content-Type', 'text/plain']] }, 'proven'],
    [
      'a form type and no byte',
      {
        method: 'POST',
        headers: [
          ['Content-Type', 'text/plain'],
          ['Content-Length', '0'],
        ],
      },
      'proven',
    ],
    [
      'JSON that is compressed',
      { method: 'POST', headers: [json, body, ['Content-Encoding', 'gzip']] },
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['JSON as it is', { method: 'POST', headers: [json, body, ['Content-Encoding', 'identity']] }, 'proven'],
    ['none at all on DELETE', { method: 'DELETE' }, 'proven'],
    ['an empty one', { method: 'POST', headers: [['Content-Length', '0']] }, 'proven'],
    ['none, but typed as JSON', { method: 'DELETE', headers: [json] }, 'proven'],
    ['any on GET, where none is read', { headers: [['Content-Type', 'text/plain'], body] }, 'proven'],
  ],
  'the peer in compat mode': [
    ['the same user changing templates', { access: 'manage' }, 'proven'],
    ['another user', { peerUid: someoneElse }, 'FORBIDDEN'],
    ['another user with the token', { peerUid: someoneElse, headers: [bearer] }, 'FORBIDDEN'],
    ['another user on the open route', { peerUid: someoneElse, access: 'open' }, 'FORBIDDEN'],
    ['root on a host of ours', { peerUid: 0 }, 'FORBIDDEN'],
    ['root on a host of root', { peerUid: 0, policy: { ownUid: 0 } }, 'proven'],
    ['a command of a guest', { peerUid: 'guest' }, 'FORBIDDEN'],
    ['a command of a guest on the open route', { peerUid: 'guest', access: 'open' }, 'FORBIDDEN'],
    ['a command of a guest with the token', { peerUid: 'guest', headers: [bearer] }, 'authenticated'],
    ['a peer that has hung up', { peerUid: 'gone' }, 'FORBIDDEN'],
    ['a peer that has hung up on a host of root', { peerUid: 'gone', policy: { ownUid: 0 } }, 'FORBIDDEN'],
    ['an unknown peer reading', { peerUid: 'unknown' }, 'stranger'],
    ['an unknown peer running', { peerUid: 'unknown', access: 'run' }, 'stranger'],
    ['an unknown peer changing templates', { peerUid: 'unknown', access: 'manage' }, 'UNAUTHORIZED'],
    [
      'an unknown peer changing templates by token',
      { peerUid: 'unknown', access: 'manage', headers: [bearer] },
      'authenticated',
    ],
    ['any peer where we have no uid either', { peerUid: 'unknown', policy: { ownUid: undefined } }, 'stranger'],
  ],
  'the caller in token mode': [
    ['the same user without the token', { policy: tokenMode }, 'UNAUTHORIZED'],
    ['the same user with it', { policy: tokenMode, headers: [bearer] }, 'proven authenticated'],
    ['another user with it', { policy: tokenMode, peerUid: someoneElse, headers: [bearer] }, 'authenticated'],
    ['another user without it', { policy: tokenMode, peerUid: someoneElse }, 'UNAUTHORIZED'],
    ['anybody on the open route', { policy: tokenMode, peerUid: 'unknown', access: 'open' }, 'stranger'],
    [
      'a page on the open route',
      { policy: tokenMode, access: 'open', headers: [['Referer', 'http://x/']] },
      'UNAUTHORIZED',
    ],
  ],
  'a host that serves the network': [
    ['without the token', lan(), 'UNAUTHORIZED'],
    ['with the token', lan(bearer), 'authenticated'],
    [
      'with the token under a name of its own',
      { ...lan(), headers: [['Host', 'evil.example:3210'], bearer] },
      'FORBIDDEN',
    ],
  ],
};

/** A client of the network; compat is configured and must not count. */
function lan(...headers: (readonly [string, string])[]): Case {
  const policy = { hosts: ['192.168.1.2'] };
  return {
    remoteAddress: '192.168.1.7',
    peerUid: 'unknown',
    policy,
    headers: [['Host', '192.168.1.2:3210'], ...headers],
  };
}

describe.each(Object.entries(sections))('the guard and %s', (_, rows) => {
  it.each(rows)('judges %s', (_title, request, verdict) => {
    expect(judge(request)).toBe(verdict);
  });
});

describe('a refusal of the guard', () => {
  const refusalOf = (head: Partial<RequestHead>, access: 'compat' | 'token' = 'compat'): string => {
    const verdict = guard(
      {
        method: 'POST',
        url: '/api/v1/templates/$(reboot)',
        remoteAddress: '127.0.0.1',
        localAddress: '127.0.0.1',
        localPort: 4000,
        peerUid: me,
        access: 'read',
        rawHeaders: ['Host', '127.0.0.1:4000'],
        ...head,
      },
      guardPolicy({ access, hosts: ['127.0.0.1'], token, ownUid: me }),
    );
    return verdict.admitted ? 'admitted' : verdict.refusal.message;
  };

  it('shows how to send the token, and for which host', () => {
    expect(refusalOf({}, 'token')).toBe(
      'This host asks every caller for its token. Send the token: curl -H "Authorization: Bearer $(vm-system --server-url http://127.0.0.1:4000 ops token)" http://127.0.0.1:4000/api/v1/…',
    );
  });

  it('shows how to send JSON', () => {
    expect(refusalOf({ rawHeaders: ['Host', '127.0.0.1:4000', 'Content-Length', '3'] })).toBe(
      "A body must say that it is application/json. Send JSON, such as: curl --json '{…}' http://127.0.0.1:4000/api/v1/…",
    );
  });

  it('says that an empty type is none', () => {
    const rawHeaders = ['Host', '127.0.0.1:4000', 'Content-Length', '3', 'Content-Type', ' '];
    expect(refusalOf({ rawHeaders })).toMatch(/^A body must say that it is application\/json\. Send JSON/);
  });

  it('names the allowed hosts, and the one to use', () => {
    expect(refusalOf({ rawHeaders: [] })).toBe(
      'The Host header must be given once and be one of 127.0.0.1:4000, localhost:4000, [::1]:4000. Send the request to http://127.0.0.1:4000/api/v1/…',
    );
  });

  it.each([
    ['::1', 'http://[::1]:4000'],
    ['192.168.1.2', 'http://192.168.1.2:4000'],
    ['fd00::1', 'http://[fd00::1]:4000'],
    [undefined, 'http://127.0.0.1:4000'],
  ])('shows the address of ours that was reached: %s', (localAddress, origin) => {
    const messages = [refusalOf({ localAddress }, 'token'), refusalOf({ localAddress, rawHeaders: [] })];
    expect(messages.join()).toContain(`--server-url ${origin} ops token`);
    expect(messages.join().match(/http:\/\/[^ /]+/g)).toEqual([origin, origin, origin]);
  });

  it('leaves the server out where the command finds it by itself', () => {
    const rawHeaders = ['Host', '127.0.0.1:3210'];
    const message = refusalOf({ localPort: 3210, rawHeaders }, 'token');
    expect(message).toContain('$(vm-system ops token)');
  });

  it('shows neither the token nor the path that was asked for', () => {
    const messages = [refusalOf({}, 'token'), refusalOf({ rawHeaders: [] }), refusalOf({ peerUid: 0 })];
    expect(messages.join()).not.toMatch(/the-token|reboot/);
  });
});
