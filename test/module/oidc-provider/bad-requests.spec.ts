import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { epochContext } from '../../../src/module/oidc-provider/index.js';
import type { Host } from '../host.js';
import { issuer, startProviderHost } from './provider-host.js';

const FORM = 'application/x-www-form-urlencoded';
const client = { client_id: 'app', redirect_uris: ['https://app.example.com/cb'], client_secret: 'secret' };

/** Routes of oidc-provider. */
const ROUTES: readonly (readonly [method: string, path: string])[] = [
  ...['/auth', '/auth/x', '/device', '/device?user_code=a&user_code=b', '/device/x', '/me', '/jwks'],
  ...['/session/end', '/session/end?state=x', '/session/end/success', '/.well-known/openid-configuration'],
  '/.well-known/oauth-authorization-server',
].map((path) => ['GET', path] as const);
const POSTED: typeof ROUTES = [
  ...[
    '/token',
    '/token/introspection',
    '/token/revocation',
    '/me',
    '/request',
    '/backchannel',
    '/device',
    '/device/auth',
  ],
  '/session/end/confirm',
].map((path) => ['POST', path] as const);

/** What a post may have. */
const BODIES: readonly (readonly [type: string | undefined, body: string])[] = [
  [undefined, ''],
  [FORM, ''],
  [FORM, 'user_code=a&xsrf=b&confirm=yes'],
  [FORM, 'user_code=a&user_code=b&logout=yes&logout=no'],
  [`${FORM}; charset=x`, 'a=b'],
  ['application/json', '{}'],
  ['application/json', '{'],
  ['text/plain', 'a=b'],
  ['\t;', 'a=b'],
];

const COOKIES = [undefined, '_session=x; _interaction_resume=x', '_session=; =;', '%'];

/** Targets and `Host` that form no URL, and some that do. */
const PREFIXES = ['', 'http://127.0.0.1', 'HTTPS://user@[::1]:8080', 'x://y', 'http://[', 'http://a?b', '//'];
const HOSTS = ['127.0.0.1', '[', 'a b', '', 'a:99999999', '%', '<', 'a@b', '/'];

let host: Host;
let server: ReturnType<typeof createServer>;

beforeAll(async () => {
  host = await startProviderHost((oidc) =>
    oidc.connect(
      new Provider(issuer, {
        adapter: oidc.adapter,
        clients: [{ ...client, grant_types: ['authorization_code'] }],
        cookies: { keys: ['key'] },
        features: {
          devInteractions: { enabled: false },
          introspection: { enabled: true },
          revocation: { enabled: true },
          deviceFlow: { enabled: true },
          pushedAuthorizationRequests: { enabled: true },
        },
      }),
    ),
  );
  const callback = host.app.get(Provider).callback();
  server = createServer((req, res) => epochContext(req, res, () => void callback(req, res))).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await host.app.close();
});

interface Sent {
  method: string;
  path: string;
  headers?: Record<string, string | undefined>;
  body?: string;
}

const send = ({ method, path, headers = {}, body = '' }: Sent): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const given = Object.entries({ Host: '127.0.0.1', ...headers }).filter(([, value]) => value !== undefined);
    const all = [...given, ...(method === 'POST' ? [['Content-Length', String(body.length)]] : [])];
    const sent = request({ host: '127.0.0.1', port, method, path, headers: Object.fromEntries(all) as never });
    sent.on('error', reject).on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode!)));
    sent.end(body);
  });

/** Sends it all, and returns what was answered with 5xx. */
async function failures(all: readonly Sent[]): Promise<string[]> {
  const failed: string[] = [];
  for (const each of all) {
    const status = await send(each);
    if (status >= 500) failed.push(`${status} ${JSON.stringify(each)}`);
  }
  return failed;
}

describe('what a client sends wrongly is never answered with 5xx (RFC 9110 §15.5.1)', () => {
  test('a body of any type, with and without cookies', async () => {
    const sent = [...ROUTES, ...POSTED].flatMap(([method, path]) =>
      COOKIES.flatMap((Cookie) =>
        (method === 'POST' ? BODIES : ([[undefined, '']] as const)).map(([type, body]) => {
          return { method, path, headers: { Cookie, Accept: 'text/html', 'Content-Type': type }, body };
        }),
      ),
    );
    expect(await failures(sent)).toEqual([]);
  });

  test('a request target and a Host that form no URL', async () => {
    const sent = [...ROUTES, ...POSTED].flatMap(([method, path]) => [
      ...PREFIXES.map((prefix) => ({ method, path: `${prefix}${path}` })),
      ...HOSTS.map((Host) => ({ method, path, headers: { Host } })),
    ]);
    expect(await failures(sent)).toEqual([]);
  });
});

test('the form for user codes without its cookie is answered with the form', async () => {
  expect(await send({ method: 'POST', path: '/device', headers: { 'Content-Type': FORM }, body: 'user_code=a' })).toBe(
    400,
  );
});

test('a good request in absolute form is answered', async () => {
  expect(await send({ method: 'GET', path: 'http://127.0.0.1/.well-known/openid-configuration' })).toBe(200);
});
