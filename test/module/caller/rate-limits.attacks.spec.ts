import { describe, expect, test } from 'vitest';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { databases } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { demoOperator } from '../../support/people.js';
import { startForTest, type TestServer } from '../../support/server.js';

const operator = basic(demoOperator.clientId, demoOperator.secret);

let server: TestServer;

const call = (authorization = operator, id = 'alice'): Promise<Response> =>
  fetch(server.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ sub_id: { format: 'uid', id } }),
  });

describe('attacks on the limits', () => {
  test('answers 1,000 bad tries, 20 at a time, with 401 or 429 and always serves the good caller', async () => {
    server = await startForTest(databases[0]!, { env: { GTR_FAILURES_PER_MINUTE: '20' } });
    const seen = new Map<number, number>();
    for (let round = 0; round < 50; round += 1) {
      const bad = Array.from({ length: 20 }, (_, i) => call(basic(demoOperator.clientId, `guess-${round}-${i}`)));
      const [good, ...answers] = await Promise.all([call(), ...bad]);
      expect(good.status).toBe(204);
      for (const { status } of answers) seen.set(status, (seen.get(status) ?? 0) + 1);
    }
    expect(Object.fromEntries(seen)).toEqual({ 401: 20, 429: 980 });
  });

  test('stops a compromised caller that names 2,000 users at the limit and records every revocation', async () => {
    server = await startForTest(databases[0]!, { env: { GTR_CALLS_PER_MINUTE: '100' } });
    const ids = Array.from({ length: 2000 }, (_, i) => `user-${i}`);
    for (let from = 0; from < ids.length; from += 500) {
      const rows = ids
        .slice(from, from + 500)
        .map((id) => `('${id}', '${id}', '${id}@x.example', '+1', '${id}', 'd', 'x', 0)`);
      await server.dataSource.query(
        `INSERT INTO op_user (id, uid, email, phone, name, department, password_hash, demo) VALUES ${rows.join()}`,
      );
    }
    let revoked = 0;
    for (let from = 0; from < ids.length; from += 50) {
      const answers = await Promise.all(ids.slice(from, from + 50).map((id) => call(operator, id)));
      for (const { status } of answers) {
        expect([204, 429]).toContain(status);
        if (status === 204) revoked += 1;
      }
    }
    expect(revoked).toBe(100);
    const records = await server.dataSource.manager.findBy(Revocation, { actor: demoOperator.clientId });
    expect([records.length, new Set(records.map(({ subject }) => subject)).size]).toEqual([100, 100]);
  });
});
