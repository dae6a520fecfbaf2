import { beforeAll, describe, expect, test } from 'vitest';
import { FeatureFlags } from '../../../src/module/feature-flags/feature-flags.service.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { describeEachDatabase } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { demoNoScope, demoOperator } from '../../support/people.js';
import { serverFixture } from '../../support/server.js';
import { type Call, send, uidBody } from './send.js';
import { SqlLog } from './sql-log.js';

const json = { 'content-type': 'application/json' };
const stranger = { ...json, authorization: basic('demo-operator', 'wrong') };
const noScope = { ...json, authorization: basic(demoNoScope.clientId, demoNoScope.secret) };
const operator = { ...json, authorization: basic(demoOperator.clientId, demoOperator.secret) };
const form = { 'content-type': 'text/plain' };
const malformed = '{"sub_id":';
const valid = uidBody('alice');

/** Requests with more than one fault: the earlier step answers. */
const faults: Array<[flag: 'on' | 'off', faults: string, call: Call, status: number, error: string]> = [
  ['on', 'GET by a stranger', { method: 'GET', headers: stranger }, 405, 'invalid_request'],
  ['on', 'GET of a form', { method: 'GET', headers: { ...stranger, ...form } }, 405, 'invalid_request'],
  ['on', 'type, by a stranger', { headers: { ...stranger, ...form }, body: malformed }, 415, 'invalid_request'],
  ['on', 'size, by a stranger', { headers: stranger, body: '['.repeat(9000) }, 413, 'invalid_request'],
  ['on', 'type and size', { headers: { ...operator, ...form }, body: '['.repeat(9000) }, 415, 'invalid_request'],
  ['on', 'malformed, by a stranger', { headers: stranger, body: malformed }, 401, 'invalid_client'],
  ['on', 'malformed, by nobody', { headers: json, body: malformed }, 401, 'invalid_client'],
  ['on', 'malformed, without scope', { headers: noScope, body: malformed }, 403, 'insufficient_scope'],
  ['on', 'unknown user, without scope', { headers: noScope, body: uidBody('x') }, 403, 'insufficient_scope'],
  ['on', 'malformed', { headers: operator, body: malformed }, 400, 'invalid_request'],
  ['off', 'flag, by a stranger', { headers: stranger, body: valid }, 401, 'invalid_client'],
  ['off', 'flag, by nobody', { headers: json, body: valid }, 401, 'invalid_client'],
  ['off', 'flag and scope', { headers: noScope, body: valid }, 403, 'access_denied'],
  ['off', 'flag and malformed', { headers: operator, body: malformed }, 403, 'access_denied'],
  ['off', 'flag and unknown user', { headers: operator, body: uidBody('x') }, 403, 'access_denied'],
  ['off', 'flag and method', { method: 'GET', headers: operator }, 405, 'invalid_request'],
];

describeEachDatabase('order of checks', (database) => {
  const server = serverFixture(database);
  let sql: SqlLog;

  beforeAll(async () => {
    sql = new SqlLog(server.dataSource);
  });

  describe.each(['on', 'off'] as const)('flag %s', (state) => {
    beforeAll(() => server.app.get(FeatureFlags).set('GLOBAL_TOKEN_REVOCATION', state === 'on', 'test'));

    test.each(faults.filter(([flag]) => flag === state))(
      'flag %s: %s gets the answer of the earlier step, without a lookup',
      async (_flag, _faults, call, status, error) => {
        const statements = await sql.of(async () => {
          const answer = await send(server.endpoint, call);
          expect({ status: answer.status, ...(JSON.parse(answer.body) as object) }).toMatchObject({ status, error });
        });

        expect(statements.filter((text) => /op_user|gtr_revocation|gtr_subject_epoch/.test(text))).toEqual([]);
        if (status === 405 || status === 413 || status === 415) expect(statements).toEqual([]);
        expect(await server.dataSource.getRepository(Revocation).count()).toBe(0);
      },
    );
  });
});
