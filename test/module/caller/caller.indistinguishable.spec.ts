import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { asOperator, type Answer, send, uidBody } from '../endpoint/send.js';
import { SqlLog } from '../endpoint/sql-log.js';
import { describeEachDatabase } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { demoOperator } from '../../support/people.js';
import { serverFixture } from '../../support/server.js';
import { register } from './clients.js';

const good = demoOperator.secret;
/** A client may have two secrets; one that has fewer, or is none, costs the same. */
const TWO = [
  [64, 64],
  [64, 64],
];

/** Ways to be nobody, each refused. */
const nobodies: Array<[title: string, id: string, secret: string]> = [
  ['wrong secret', 'demo-operator', 'wrong'],
  ['a secret that is almost right', 'demo-operator', `${good.slice(0, -1)}!`],
  ['unknown client', 'nobody', good],
  ['unknown client, long secret', 'nobody', 'x'.repeat(500)],
  ['disabled client', 'disabled', 'secret'],
  ['public client', 'public', 'secret'],
  ['the stored hash as the secret', 'demo-operator', crypto.createHash('sha256').update(good).digest('hex')],
];

describeEachDatabase('rejections do not reveal their reason', (database) => {
  const server = serverFixture(database);
  let sql: SqlLog;

  beforeAll(async () => {
    await register(server, 'disabled', 'secret');
    await register(server, 'public', null);
    await server.dataSource.query(`UPDATE gtr_client SET enabled = 0 WHERE client_id = 'disabled'`);
    sql = new SqlLog(server.dataSource);
  });

  beforeEach(() => {
    vi.spyOn(crypto, 'timingSafeEqual');
    syncBuiltinESMExports();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });

  async function attempt(id: string, secret: string) {
    let answer!: Answer;
    const statements = await sql.hotPathOf(async () => {
      const headers = { ...asOperator, authorization: basic(id, secret) };
      answer = await send(server.endpoint, { headers, body: uidBody('bob') });
    });
    const { date: _date, ...headers } = answer.headers;
    return { bytes: { ...answer, headers }, statements };
  }
  const compared = () => vi.mocked(crypto.timingSafeEqual).mock.calls.map((sides) => sides.map((s) => s.byteLength));

  test.each(nobodies)('%s: the same bytes and statements as for any other rejection', async (_title, id, secret) => {
    const reference = await attempt('demo-operator', 'another wrong one');
    expect(reference.bytes.status).toBe(401);
    expect(reference.statements).toHaveLength(1);

    expect(await attempt(id, secret)).toEqual(reference);
  });

  test.each(nobodies)('%s: makes two constant-time comparisons of equal length', async (_title, id, secret) => {
    await attempt(id, secret);
    expect(compared()).toEqual(TWO);
  });

  test.each<[title: string, id: string, secret: string, told: object]>([
    ['a wrong secret', 'demo-operator', 'wrong', { reason: 'invalidClient', client: 'demo-operator' }],
    ['a disabled client', 'disabled', 'secret', { reason: 'clientDisabled', client: 'disabled' }],
    ['a disabled client, wrong secret', 'disabled', 'wrong', { reason: 'invalidClient', client: 'disabled' }],
    ['an unknown client', 'nobody-at-all', good, { reason: 'invalidClient', client: undefined }],
  ])('%s: logs the reason, and the client if it is registered', async (_title, id, secret, told) => {
    await attempt(id, secret);
    const line = server.log.lines.at(-1)!;
    expect({ reason: line['event.reason'], client: line['user.id'] }).toEqual(told);
    expect(line['gtr.method']).toBe('client_secret_basic');
    expect(JSON.stringify(line)).not.toContain('nobody-at-all');
  });

  test('the right secret also takes two constant-time comparisons of equal length', async () => {
    expect((await attempt('demo-operator', good)).bytes.status).toBe(204);
    expect(compared()).toEqual(TWO);
  });

  test('rejects the request when the constant-time comparison fails, whatever else matched', async () => {
    vi.mocked(crypto.timingSafeEqual).mockReturnValue(false);
    expect((await attempt('demo-operator', good)).bytes.status).toBe(401);
  });

  test('returns the same bytes for an unknown user as for an account at another issuer', async () => {
    const { app: _app, endpoint } = server;
    const ask = async (subId: object) => {
      let answer!: Answer;
      const statements = await sql.hotPathOf(async () => {
        answer = await send(endpoint, { headers: asOperator, body: JSON.stringify({ sub_id: subId }) });
      });
      const { date: _date, ...headers } = answer.headers;
      return { ...answer, headers, statements: statements.length };
    };
    const sub = '5a1c0a3e-0000-4000-8000-000000000b0b';
    const unknown = await ask({ format: 'iss_sub', iss: server.url, sub: 'nobody' });
    expect(unknown.status).toBe(404);
    expect(await ask({ format: 'iss_sub', iss: 'https://other.example', sub })).toEqual(unknown);
    expect(await ask({ format: 'opaque', id: 'nobody' })).toEqual(unknown);
  });
});
