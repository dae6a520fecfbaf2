import { beforeAll, beforeEach, expect, test } from 'vitest';
import { FeatureFlags } from '../../src/module/feature-flags/feature-flags.service.js';
import { asOperator, type Call, challenges, refusal, seen, send, uidBody } from '../module/endpoint/send.js';
import { withoutTable } from '../module/endpoint/sql-log.js';
import { describeEachServer } from '../support/databases.js';
import { basic } from '../support/operator.js';
import { demoNoScope, demoOperator } from '../support/people.js';
import { serverFixture } from '../support/server.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';
const json = { 'content-type': 'application/json' };
const { authorization } = asOperator;
const as = (id: string, secret: string) => ({ ...json, authorization: basic(id, secret) });
const done = { status: 204, 'cache-control': 'no-store', body: '' };
const challenge = { 'www-authenticate': challenges('ISSUER') };
const scope = { 'www-authenticate': 'Bearer error="insufficient_scope", scope="global_token_revocation"' };

const invalid = (status: number, description: string, more = {}) =>
  refusal(status, 'invalid_request', description, more);
const notJson = invalid(400, 'the body must be one JSON object with unique member names, nested at most 4 levels deep');
const oneMember = invalid(400, 'the body must have exactly one member, sub_id');
const identifier = invalid(400, 'sub_id must have exactly the members of its format, each with a valid value');
const format = invalid(400, 'the format of sub_id is not supported here');
const several = invalid(400, 'the request must carry exactly one credential');
const post = invalid(405, 'only POST is allowed', { allow: 'POST' });
const type = invalid(415, 'the body must be application/json in UTF-8');
const encoding = invalid(415, 'the body must not be compressed');
const size = invalid(413, 'the body is larger than 8192 bytes');
const failed = refusal(401, 'invalid_client', 'client authentication failed', challenge);
const badToken = refusal(401, 'invalid_token', 'the access token is invalid, expired or revoked', {
  'www-authenticate': challenges('ISSUER', { Bearer: 'invalid_token' }),
});
const required = refusal(401, 'invalid_client', 'client authentication is required', challenge);

const answers: Array<[condition: string, call: Call & { flag?: 'off' }, answer: object]> = [
  ['a user without sessions', { body: uidBody('bob') }, done],
  ['the same user again', { body: uidBody('bob') }, done],
  ['e-mail address', { body: '{"sub_id":{"format":"email","email":"Bob@EXAMPLE.com"}}' }, done],
  ['malformed JSON', { body: '{' }, notJson],
  ['no body', { body: '' }, notJson],
  ['another member', { body: '{"sub_id":{"format":"uid","id":"bob"},"x":1}' }, oneMember],
  ['no member', { body: '{}' }, oneMember],
  ['the old member name', { body: '{"subject":{"format":"uid","id":"bob"}}' }, oneMember],
  ['a number as id', { body: '{"sub_id":{"format":"uid","id":0}}' }, identifier],
  ['unknown format', { body: '{"sub_id":{"format":"password_hash","id":"x"}}' }, format],
  ['duplicate credentials', { headers: ['Authorization', authorization, 'Authorization', authorization] }, several],
  ['credentials and a token in the URL', { suffix: '?access_token=x' }, several],
  ['no credentials', { headers: json }, required],
  ['a token in the URL only', { headers: json, suffix: '?access_token=x' }, failed],
  ['empty credentials', { headers: { ...json, authorization: '' } }, failed],
  ['another scheme', { headers: { ...json, authorization: 'Token abc' } }, failed],
  ['an unknown token', { headers: { ...json, authorization: 'Bearer abc' } }, badToken],
  ['unknown client', { headers: as('nobody', demoOperator.secret) }, failed],
  ['wrong secret', { headers: as(demoOperator.clientId, 'wrong') }, failed],
  [
    'client without the scope',
    { headers: as(demoNoScope.clientId, demoNoScope.secret) },
    refusal(403, 'insufficient_scope', 'the scope global_token_revocation is required', scope),
  ],
  ['flag off', { flag: 'off' }, refusal(403, 'access_denied', 'global token revocation is switched off')],
  ['an unknown user', { body: uidBody('nobody') }, refusal(404, 'not_found', 'no such user')],
  [
    'account of another issuer',
    { body: '{"sub_id":{"format":"iss_sub","iss":"https://op.example","sub":"5a1c0a3e-0000-4000-8000-000000000b0b"}}' },
    refusal(404, 'not_found', 'no such user'),
  ],
  [
    'aliases of two users',
    {
      body: '{"sub_id":{"format":"aliases","identifiers":[{"format":"uid","id":"alice"},{"format":"uid","id":"bob"}]}}',
    },
    refusal(422, 'unprocessable', 'the identifier names more than one user'),
  ],
  [
    'a user without an account id',
    { body: uidBody('no-id') },
    refusal(422, 'unprocessable', 'the user cannot be revoked'),
  ],
  ...['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'].map((method): [string, Call, object] => [
    `method ${method}`,
    { method, ...(method === 'GET' && { body: '' }) }, // Node's client sends no length with GET
    post,
  ]),
  ['a form', { headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' } }, type],
  ['compressed', { headers: { ...asOperator, 'content-encoding': 'gzip' } }, encoding],
  ['8193 bytes', { body: uidBody('bob').padEnd(8193) }, size],
  ['8193 bytes in chunks', { body: [Buffer.from(uidBody('bob').padEnd(8000)), Buffer.alloc(193, ' ')] }, size],
  ['8192 bytes', { body: uidBody('bob').padEnd(8192) }, done],
];

describeEachServer('RFC 9110 §11.6.1, §15.5, §15.5.6, draft-06 §3.4, §3.4.1, §3.4.2: answers', (database) => {
  const server = serverFixture(database);

  beforeAll(async () => {
    const columns = 'id, uid, email, phone, name, department, password_hash, demo';
    const row = "'', 'no-id', 'no-id@example.com', '+12065550177', 'Nobody', 'nowhere', 'none', 0";
    await server.dataSource.query(`INSERT INTO op_user (${columns}) VALUES (${row})`);
  });
  beforeEach(() => server.app.get(FeatureFlags).set(FLAG, true, 'test'));

  const ask = async (call: Call) => {
    const chunked = Array.isArray(call.body) ? { 'transfer-encoding': 'chunked' } : {};
    const given = Array.isArray(call.headers) ? [...call.headers, 'Content-Type', 'application/json'] : call.headers;
    return send(server.endpoint, { body: uidBody('bob'), ...call, headers: given ?? { ...asOperator, ...chunked } });
  };
  const ofThisServer = (answer: object): unknown => JSON.parse(JSON.stringify(answer).replaceAll('ISSUER', server.url));

  test.each(answers)('%s: returns exact status, headers and body', async (_condition, { flag, ...call }, answer) => {
    if (flag) await server.app.get(FeatureFlags).set(FLAG, false, 'test');

    expect(seen(await ask(call))).toEqual(ofThisServer(answer));
  });

  test('returns 405 with Allow for HEAD', async () => {
    const { status, headers, body } = await ask({ method: 'HEAD', body: '' });
    expect({ status, allow: headers.allow, body }).toEqual({ status: 405, allow: 'POST', body: '' });
  });

  test('sends a 204 without content type and length', async () => {
    const { headers } = await ask({});
    expect(Object.keys(headers)).not.toContain('content-type');
    expect(Object.keys(headers)).not.toContain('content-length');
  });

  test.each(['op_user', 'gtr_client', 'gtr_revocation', 'gtr_subject_epoch'])(
    'returns 503 while table %s cannot be read, and works again afterwards',
    async (table) => {
      server.app.useLogger(false);
      const answer = await withoutTable(server.dataSource, table, () => ask({}));

      const later = refusal(503, 'temporarily_unavailable', 'try again later', { 'retry-after': '5' });
      expect(seen(answer)).toEqual(later);
      expect(seen(await ask({}))).toEqual(done);
    },
  );
});
