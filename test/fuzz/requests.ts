import * as fc from 'fast-check';
import { FEATURE_FLAGS } from '../../src/module/index.js';
import { settingsTable } from '../../src/reference-op/settings/settings-table.js';
import { basic } from '../support/operator.js';
import { demoApp, demoOperator } from '../support/people.js';
import { anyValid } from '../module/subject/valid-identifiers.js';

/** A request as it goes over the wire. */
export interface Sent {
  method: string;
  target: string;
  /** Names and values, in order. */
  headers: string[];
  body: string;
}

const PATH = '/global-token-revocation';
const { constant, constantFrom, oneof, string, tuple } = fc;

/** What a header may contain: no line breaks and other controls. */
const header = string({ unit: 'binary', maxLength: 60 }).map((text) =>
  text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?'),
);
const visible = string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 }).map((text) =>
  text.replaceAll(/[\s#]/g, '_'),
);
const anyText = string({ unit: 'binary', maxLength: 40 });

/** One character written another way. */
const encoded = tuple(constant(PATH), fc.nat(PATH.length - 1)).map(
  ([path, at]) => `${path.slice(0, at)}%${path.charCodeAt(at).toString(16).padStart(2, '0')}${path.slice(at + 1)}`,
);
const others = constantFrom(
  ...[
    '/',
    '/token',
    '/token/introspection',
    '/token/revocation',
    '/auth',
    '/me',
    '/device',
    '/device/x',
    '/device/auth',
    '/request',
  ],
  ...['/session/end', '/interaction/x', '/interaction/x/login', '/interaction/x/consent', '/demo', '/demo/revoke'],
  ...[
    '/demo/sign-in',
    '/demo/callback',
    '/livez',
    '/metrics',
    '/.well-known/openid-configuration',
    '/jwks',
    '/docs-json',
  ],
);
const paths = oneof(
  { arbitrary: constant(PATH), weight: 12 },
  { arbitrary: encoded, weight: 2 },
  { arbitrary: constantFrom(`${PATH}/`, PATH.toUpperCase(), `/${PATH}`, `${PATH};a`, `${PATH}/x`), weight: 2 },
  { arbitrary: others, weight: 4 },
  { arbitrary: visible.map((text) => `/${text}`), weight: 1 },
);
const hosts = constantFrom(
  '',
  '',
  '',
  '',
  'http://127.0.0.1',
  'HTTPS://user@[::1]:8080',
  'http://a?b',
  'http://[',
  'x://y',
);
const targets = tuple(
  hosts,
  paths,
  oneof(
    { arbitrary: constant(''), weight: 4 },
    visible.map((text) => `?${text}`),
    constant('#x'),
  ),
).map((parts) => parts.join(''));

const part = oneof(
  fc.json({ maxDepth: 2 }).map((json) => Buffer.from(json).toString('base64url')),
  fc
    .record({
      alg: constantFrom('RS256', 'ES256', 'none', 'HS256', 'EdDSA'),
      typ: constantFrom('dpop+jwt', 'at+jwt', 'JWT', 'global-token-revocation+jwt', 'client-authentication+jwt'),
      kid: visible,
      jwk: fc.record({
        kty: constantFrom('RSA', 'EC', 'OKP', 'oct'),
        e: visible,
        n: visible,
        crv: constantFrom('P-256', 'Ed25519'),
        x: visible,
        y: visible,
      }),
      iss: constantFrom(demoApp.clientId, 'https://idp.example', ''),
      sub: visible,
      exp: fc.integer(),
      jti: visible,
    })
    .map((claims) => Buffer.from(JSON.stringify(claims)).toString('base64url')),
  visible,
);
const jwt = tuple(part, part, visible).map((parts) => parts.join('.'));

const good = basic(demoOperator.clientId, demoOperator.secret);
const authorization = oneof(
  { arbitrary: constant(good), weight: 12 },
  { arbitrary: tuple(visible, visible).map(([id, secret]) => basic(id, secret)), weight: 2 },
  { arbitrary: visible.map((secret) => basic(demoOperator.clientId, secret)), weight: 2 },
  { arbitrary: header.map((text) => `Basic ${text}`), weight: 2 },
  {
    arbitrary: tuple(constantFrom('Bearer', 'DPoP', 'bearer', 'Digest'), oneof(jwt, visible)).map((words) =>
      words.join(' '),
    ),
    weight: 4,
  },
  { arbitrary: header, weight: 1 },
);
const contentType = oneof(
  { arbitrary: constantFrom('application/json', 'application/json; charset=utf-8'), weight: 12 },
  {
    arbitrary: constantFrom(
      'application/json;',
      'application/json;charset="utf\\-8"',
      'application/x-www-form-urlencoded',
      'text/plain',
    ),
    weight: 3,
  },
  { arbitrary: header.map((text) => `application/json;${text}`), weight: 1 },
  { arbitrary: header, weight: 1 },
);

const named = <T>(name: string, value: fc.Arbitrary<T>, weight: number): fc.Arbitrary<string[]> =>
  oneof(
    { arbitrary: value.map((given) => [name, String(given)]), weight },
    { arbitrary: constant<string[]>([]), weight: 10 - weight },
  );
const headers = tuple(
  named('Authorization', authorization, 9),
  named('Content-Type', contentType, 9),
  named('Authorization', authorization, 1),
  named('DPoP', jwt, 2),
  named('X-Forwarded-For', oneof(fc.ipV4(), fc.ipV6(), header), 2),
  named('Origin', oneof(fc.webUrl(), header), 1),
  named('Sec-Fetch-Site', constantFrom('same-origin', 'cross-site', 'none', 'x'), 1),
  named('Accept', oneof(constantFrom('text/html', 'application/json'), header), 2),
  named('Cookie', header, 1),
  named('Content-Encoding', constantFrom('identity', 'gzip', 'x'), 1),
  named('Traceparent', header, 1),
).map((pairs) => pairs.flat());

const identifier = oneof(
  { arbitrary: anyValid, weight: 6 },
  { arbitrary: constantFrom({ format: 'uid', id: 'alice' }, { format: 'email', email: 'bob@example.com' }), weight: 3 },
  {
    arbitrary: fc.array(anyValid, { maxLength: 12 }).map((identifiers) => ({ format: 'aliases', identifiers })),
    weight: 2,
  },
  {
    arbitrary: fc.dictionary(
      constantFrom('format', 'id', 'email', 'uri', 'iss', 'sub', '__proto__'),
      oneof(anyText, fc.jsonValue({ maxDepth: 1 })),
    ),
    weight: 2,
  },
  { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 },
);
const body = oneof(
  { arbitrary: identifier.map((sub_id) => JSON.stringify({ sub_id })), weight: 12 },
  {
    arbitrary: tuple(identifier, fc.jsonValue({ maxDepth: 1 })).map(([sub_id, more]) =>
      JSON.stringify({ sub_id, more }),
    ),
    weight: 1,
  },
  {
    arbitrary: tuple(identifier, fc.nat(60)).map(([sub_id, at]) => JSON.stringify({ sub_id }).slice(0, at)),
    weight: 2,
  },
  { arbitrary: fc.integer({ min: 1, max: 3000 }).map((depth) => '['.repeat(depth)), weight: 1 },
  { arbitrary: fc.webQueryParameters(), weight: 2 },
  { arbitrary: anyText, weight: 1 },
);
const method = oneof(
  { arbitrary: constant('POST'), weight: 12 },
  { arbitrary: constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'), weight: 2 },
);

/** Requests, most of them nearly right. */
export const requests: fc.Arbitrary<Sent> = fc.record({ method, target: targets, headers, body });

const value = oneof(
  constantFrom(
    'on',
    'off',
    '0',
    '1',
    '127.0.0.1',
    '10.0.0.0/8',
    'production',
    'localhost',
    'https://op.example.com',
    '[]',
    '{}',
  ),
  constantFrom('sqlite::memory:', 'mariadb://u:p@db/op?ssl=true', 'postgres://db/op', 'json', `${FEATURE_FLAGS[0]}=on`),
  fc.integer().map(String),
  fc.json({ maxDepth: 2 }),
  anyText,
);

/** Environments of a server. */
export const environments: fc.Arbitrary<Record<string, string>> = fc.dictionary(
  constantFrom(...settingsTable.map(({ env }) => env)),
  value,
  { maxKeys: 5 },
);
