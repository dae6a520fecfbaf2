import { createHmac, randomUUID } from 'node:crypto';
import { Browser, formTo } from '../support/browser.js';
import { basic } from '../support/operator.js';
import { callback, demoApp, demoDevice, demoNoScope, demoOperator } from '../support/people.js';
import type { TestServer } from '../support/server.js';

/** Tries a value as one kind of credential. @returns whether it was accepted */
export type Attempt = (value: string) => Promise<boolean>;

type Client = { clientId: string; secret: string };
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const HS256 = { alg: 'HS256', typ: 'JWT' };

/** A cookie signature as the server makes it. */
const sign = (cookie: string, key: string): string => createHmac('sha1', key).update(cookie).digest('base64url');

/** An assertion signed with a shared secret. @see OpenID Connect Core 1.0 §9 `client_secret_jwt` */
function assertion({ clientId }: Client, aud: string, secret: string): string {
  const exp = Math.floor(Date.now() / 1000) + 60;
  const claims = { iss: clientId, sub: clientId, aud, exp, jti: randomUUID() };
  const text = [HS256, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Every way to use a value as a credential, over HTTP. @param verifier of the code that is tried */
export function attempts(server: TestServer, verifier: string, cookieKey: string): Record<string, Attempt> {
  const { url } = server;
  const post = (path: string, body: Record<string, string>, client?: Client): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      body: new URLSearchParams(body),
      headers: client ? { authorization: basic(client.clientId, client.secret) } : {},
    });
  const grant = async (client: Client, type: string, more: Record<string, string>): Promise<boolean> =>
    (await post('/token', { grant_type: type, ...more }, client)).ok;
  const get = (path: string, cookie = ''): Promise<Response> =>
    fetch(url + path, { redirect: 'manual', headers: { accept: 'text/html', ...(cookie && { cookie }) } });
  const authorization = `/auth?${new URLSearchParams({
    ...{ client_id: demoApp.clientId, redirect_uri: callback, response_type: 'code', scope: 'openid', prompt: 'none' },
    ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
  })}`;
  const isSignedIn = async (cookie: string): Promise<boolean> =>
    (await get(authorization, cookie)).headers.get('location')?.includes('code=') === true;
  const isInteraction = async (uid: string, cookie: string): Promise<boolean> =>
    (await get(`/interaction/${encodeURIComponent(uid)}`, cookie)).status === 200;
  const signed = (cookie: string, key: string): string =>
    `${cookie}; ${cookie.slice(0, cookie.indexOf('='))}.sig=${sign(cookie, key)}`;
  const isKnown = async (client: Client, secret: string): Promise<boolean> =>
    (await post('/token', { grant_type: 'client_credentials' }, { ...client, secret })).status !== 401;

  return {
    introspection: async (token) =>
      ((await (await post('/token/introspection', { token }, demoApp)).json()) as { active: boolean }).active,
    userinfo: async (token) => (await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } })).ok,
    'refresh token': (refresh_token) => grant(demoApp, 'refresh_token', { refresh_token }),
    code: (code) => grant(demoApp, 'authorization_code', { code, redirect_uri: callback, code_verifier: verifier }),
    'device code': (device_code) => grant(demoDevice, DEVICE_GRANT, { device_code }),
    'user code': async (user_code) => {
      const browser = new Browser(url);
      const input = await browser.open('/device');
      return (await browser.submit(input, formTo(input, '/device'), { user_code })).text.includes('name="confirm"');
    },
    'session cookie': (value) => isSignedIn(`op_session=${value}`),
    'session cookie, signed with a guess': (value) => isSignedIn(signed(`op_session=${value}`, value)),
    'session cookie, signed': (value) => isSignedIn(signed(`op_session=${value}`, cookieKey)),
    'interaction cookie': (value) => isInteraction(value, `op_interaction=${value}`),
    'interaction cookie, signed with a guess': (value) =>
      isInteraction(value, signed(`op_interaction=${value}`, value)),
    'interaction cookie, signed': (value) => isInteraction(value, signed(`op_interaction=${value}`, cookieKey)),
    'pushed request': async (value) => {
      const uri = value.startsWith('urn:') ? value : `urn:ietf:params:oauth:request_uri:${value}`;
      const answer = await get(`/auth?${new URLSearchParams({ client_id: demoApp.clientId, request_uri: uri })}`);
      return answer.headers.get('location')?.startsWith('/interaction/') === true;
    },
    'operator secret at the endpoint': async (secret) => {
      const headers = { authorization: basic(demoOperator.clientId, secret), 'content-type': 'application/json' };
      return (await fetch(server.endpoint, { method: 'POST', headers, body: '{}' })).status !== 401;
    },
    'operator secret': (secret) => isKnown(demoOperator, secret),
    'app secret': (secret) => isKnown(demoApp, secret),
    'device secret': (secret) => isKnown(demoDevice, secret),
    'other secret': (secret) => isKnown(demoNoScope, secret),
    'secret in the body': async (client_secret) =>
      (await post('/token', { grant_type: 'client_credentials', client_id: demoOperator.clientId, client_secret })).ok,
    'secret as key of an assertion': async (secret) => {
      const client_assertion = assertion(demoOperator, url, secret);
      const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
      return (await post('/token', { grant_type: 'client_credentials', client_assertion, client_assertion_type })).ok;
    },
  };
}
