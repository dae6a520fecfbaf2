import type { DataSource, Logger } from 'typeorm';
import { beforeAll, describe, expect, test } from 'vitest';
import { OpUser } from '../../../src/reference-op/op/op-user.entity.js';
import { databases } from '../../support/databases.js';
import { revoke } from '../../support/operator.js';
import { alice } from '../../support/people.js';
import { serverFixture } from '../../support/server.js';

const PEOPLE = 3000;
const mariadb = databases.find(({ name }) => name === 'mariadb')!;

/** One row of MariaDB's EXPLAIN. */
interface Plan {
  key: string | null;
  type: string;
  rows: number | string;
}

/** The look-ups of the user table during `work`, each as MariaDB means to do it. */
async function plansOf(dataSource: DataSource, work: () => Promise<unknown>): Promise<Plan[]> {
  const statements: Array<[query: string, parameters: unknown]> = [];
  const logger: Partial<Logger> = {
    logQuery: (query, parameters = []) => void statements.push([query, parameters]),
    logQueryError: () => {},
    logQuerySlow: () => {},
    log: () => {},
  };
  dataSource.setOptions({ logger: logger as Logger, logging: ['query'] });
  await work();
  const lookups = statements.filter(([query]) => query.includes('op_user'));
  const plans = await Promise.all(
    lookups.map(([query, parameters]) => dataSource.query<Plan[]>(`EXPLAIN ${query}`, parameters as unknown[])),
  );
  return plans.flat();
}

describe.skipIf(!mariadb.available)('look-ups of the reference server (mariadb)', () => {
  const server = serverFixture(mariadb);
  beforeAll(async () => {
    const person = (n: number) => ({
      id: `id-${n}`,
      uid: `uid-${n}`,
      email: `mail-${n}@example.com`,
      phone: `+1206555${String(n).padStart(5, '0')}`,
      name: 'Somebody',
      department: `department-${n % 100}`,
      passwordHash: 'x',
      demo: 0,
    });
    const people = Array.from({ length: PEOPLE }, (_, n) => person(n));
    await server.dataSource.getRepository(OpUser).insert(people);
    await server.dataSource.query('ANALYZE TABLE op_user');
  });

  test.each<[key: string, subId: () => { format: string } & Record<string, string>]>([
    ['op_user_uid', () => ({ format: 'uid', id: 'uid-7' })],
    ['op_user_uid', () => ({ format: 'username', id: 'nobody' })],
    ['op_user_uid', () => ({ format: 'account', uri: 'acct:uid-7@127.0.0.1' })],
    ['op_user_email', () => ({ format: 'email', email: 'Mail-7@example.com' })],
    ['op_user_email', () => ({ format: 'mail', id: 'nobody@example.com' })],
    ['op_user_phone', () => ({ format: 'phone_number', phone_number: '+120655500007' })],
    ['op_user_phone', () => ({ format: 'phone_number', phone_number: '+4930123456' })],
    ['op_user_department', () => ({ format: 'department', id: 'department-7' })],
    ['PRIMARY', () => ({ format: 'opaque', id: alice.id })],
    ['PRIMARY', () => ({ format: 'opaque', id: 'nobody' })],
    ['PRIMARY', () => ({ format: 'iss_sub', iss: server.url, sub: 'id-7' })],
  ])('use the index %s', async (key, subId) => {
    const plans = await plansOf(server.dataSource, () => revoke(server, subId()));
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      // "No matching row in const table": MariaDB has looked already, by a unique index.
      if (plan.key === null && plan.type === null) continue;
      expect(plan).toMatchObject({ key });
      expect(['const', 'ref', 'range']).toContain(plan.type);
      expect(Number(plan.rows)).toBeLessThanOrEqual(PEOPLE / 50);
    }
  });
});
