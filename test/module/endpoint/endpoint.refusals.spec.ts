import { beforeAll, expect, test } from 'vitest';
import { BoundClient } from '../caller/bound-client.js';
import { describeEachDatabase } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { demoNoScope } from '../../support/people.js';
import { serverFixture, type TestServer } from '../../support/server.js';
import { asOperator, type Call, send, uidBody } from './send.js';
import { SqlLog } from './sql-log.js';

const json = { 'content-type': 'application/json' };
const as = (id: string, secret: string) => ({ ...json, authorization: basic(id, secret) });
const body = uidBody('alice');

/** What a refused request is, or how it is made for a server that runs. */
const refused: Array<[string, number, Call | ((server: TestServer) => Promise<Call>)]> = [
  ['not POST', 405, { method: 'GET' }],
  ['not JSON', 415, { headers: { 'content-type': 'text/plain' }, body }],
  ['too large', 413, { headers: asOperator, body: 'x'.repeat(8193) }],
  ['no credential', 401, { headers: json, body }],
  ['unknown client', 401, { headers: as('nobody', 'x'), body }],
  ['wrong secret', 401, { headers: as('demo-operator', 'x'), body }],
  ['made-up token', 401, { headers: { ...json, authorization: 'Bearer made-up' }, body }],
  ['two credentials', 400, { headers: asOperator, suffix: '?access_token=x', body }],
  ['without the scope', 403, { headers: as(demoNoScope.clientId, demoNoScope.secret), body }],
  [
    'DPoP, without the scope',
    403,
    async (server) => ({ headers: await (await BoundClient.create(server, 'ES256', '')).headers(), body }),
  ],
  ['malformed JSON', 400, { headers: asOperator, body: '{' }],
  ['malformed identifier', 400, { headers: asOperator, body: uidBody('') }],
  ['unknown user', 404, { headers: asOperator, body: uidBody('nobody') }],
];

describeEachDatabase('RFC 6749 §5.2: a refusal', (database) => {
  const server = serverFixture(database);
  let sql: SqlLog;

  beforeAll(async () => {
    sql = new SqlLog(server.dataSource);
  });

  test.each(refused)('%s (%i) causes at most reads, never a write', async (_title, status, made) => {
    const call = typeof made === 'function' ? await made(server) : made;
    let answered = 0;
    const statements = await sql.of(async () => (answered = (await send(server.endpoint, call)).status));
    expect(answered).toBe(status);
    expect(statements.filter((statement) => !statement.startsWith('SELECT'))).toEqual([]);
  });
});
