import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CallerRestrictions } from '../../../src/module/options/caller-restrictions.options.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { SqlLog } from '../endpoint/sql-log.js';
import { asOperator, type Answer, send } from '../endpoint/send.js';
import { describeEachDatabase } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { alice, bob } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';
import { overrideUsers } from '../../support/users.js';
import { register } from '../caller/clients.js';

const IDP = 'https://idp.example.org';
const uid = (id: string) => ({ format: 'uid', id });
const opaque = (id: string) => ({ format: 'opaque', id });
const account = (iss: string, sub: string) => ({ format: 'iss_sub', iss, sub });

/** Callers and their restrictions; the department stands for the tenant, the telephone number for the id at a provider. */
const callers: Record<string, CallerRestrictions> = {
  formats: { formats: ['uid', 'email'] },
  wonderland: { tenant: 'wonderland' },
  silent: { tenant: 'wonderland', unknownSubject: 'no_content' },
  idp: { issuers: [IDP] },
  none: {},
};

/** Somebody outside the limit, and nobody, named in the same way. */
const outside: Array<[caller: string, what: string, outside: object, nobody: object]> = [
  ['formats', 'a format', opaque(alice.id), opaque('nobody')],
  ['formats', 'all formats of aliases', aliases(opaque(alice.id)), aliases(opaque('nobody'))],
  ['wonderland', 'a user of another tenant', uid('bob'), uid('nobody')],
  ['wonderland', 'an attribute of another tenant', department('kitchen'), department('nowhere')],
  ['wonderland', 'an e-mail address', { format: 'email', email: bob.email }, { format: 'email', email: 'n@x.org' }],
  ['wonderland', 'an acct URI', acct('bob'), acct('nobody')],
  ['wonderland', 'two users of another tenant', aliases(uid('bob'), uid('breakfast')), aliases(uid('x'), uid('y'))],
  ['silent', 'a user of another tenant', uid('bob'), uid('nobody')],
  ['idp', 'an account at our issuer', account('OURS', alice.id), account('OURS', 'nobody')],
  ['none', 'an account at an issuer that is not ours', account(IDP, alice.phone), account(IDP, 'nobody')],
];

function aliases(...identifiers: object[]) {
  return { format: 'aliases', identifiers };
}
function department(id: string) {
  return { format: 'department', id };
}
function acct(user: string) {
  return { format: 'account', uri: `acct:${user}@127.0.0.1` };
}

/** The reference server whose people have tenants and accounts at an identity provider. */
const withTenants = (database: Parameters<typeof startServer>[0], env: Record<string, string> = {}) =>
  startServer(database, {
    env,
    override: (builder) => overrideUsers(builder, { tenant: 'department', iss_sub: { [IDP]: 'phone' } }),
  });

describeEachDatabase('draft-06 §7.1, §7.2: restrictions of a caller', (database) => {
  let server: TestServer;
  let sql: SqlLog;
  const subjects = async () =>
    (await server.dataSource.getRepository(Revocation).find()).map(({ subject, matched }) => [subject, matched]);

  async function start(env?: Record<string, string>): Promise<void> {
    server = await withTenants(database, env);
    for (const [id, restrictions] of Object.entries(callers)) await register(server, id, 'secret', { restrictions });
    sql = new SqlLog(server.dataSource);
  }

  /** Everything of an answer but its time and the random id in `Location`, and what the database was asked; the flag is read twice a second. */
  async function ask(caller: string, subId: object) {
    let answer!: Answer;
    const body = JSON.stringify({ sub_id: subId }).replace('OURS', server.url);
    const statements = await sql.of(async () => {
      const headers = { ...asOperator, authorization: basic(caller, 'secret') };
      answer = await send(server.endpoint, { headers, body });
    });
    const { date: _date, ...headers } = answer.headers;
    if (headers.location) headers.location = headers.location.replace(/[\w-]{96}$/, 'id');
    return { ...answer, headers, statements: statements.filter((text) => !text.includes('gtr_feature_flag')) };
  }

  describe('an unknown user is 404', () => {
    beforeAll(() => start());
    afterAll(() => server.stop());
    beforeEach(() => server.dataSource.query('DELETE FROM gtr_revocation'));

    test.each(outside)(
      '%s: %s outside its restrictions gets the bytes and statements of an unknown user',
      async (caller, _what, there, nobody) => {
        const unknown = await ask(caller, nobody);
        expect(unknown.status).toBe(caller === 'silent' ? 204 : 404);
        expect(unknown.statements.filter((text) => text.includes('op_user')).length).toBeGreaterThan(0);
        expect(await ask(caller, there)).toEqual(unknown);
        expect(await subjects()).toEqual([]);
      },
    );

    test('prints how long both answers take', async () => {
      const times: Record<'outside' | 'nobody', number[]> = { outside: [], nobody: [] };
      for (let round = 0; round < 40; round += 1) {
        for (const [who, list] of Object.entries(times)) {
          const started = performance.now();
          await ask('wonderland', uid(who === 'outside' ? 'bob' : 'nobody'));
          list.push(performance.now() - started);
        }
      }
      const median = (list: number[]) => list.toSorted((a, b) => a - b)[list.length / 2]!.toFixed(2);
      console.log(
        `${database.name}: outside ${median(times.outside)} ms, nobody ${median(times.nobody)} ms (median of 40)`,
      );
      expect(await subjects()).toEqual([]);
    });

    test.each<[caller: string, what: string, subId: object]>([
      ['formats', 'a format', uid('alice')],
      ['formats', 'a format in aliases', aliases(opaque(bob.id), uid('alice'))],
      ['wonderland', 'a user of the tenant', uid('alice')],
      ['wonderland', 'a user of the tenant beside one of another tenant', aliases(uid('bob'), uid('alice'))],
      ['silent', 'a user of the tenant', opaque(alice.id)],
      ['idp', 'an account at its identity provider', account(IDP, alice.phone)],
      ['idp', 'a format without an issuer', uid('alice')],
      ['none', 'an account at our issuer', account('OURS', alice.id)],
    ])('%s: %s revokes that user and counts one match', async (caller, _what, subId) => {
      expect((await ask(caller, subId)).status).toBe(204);
      expect(await subjects()).toEqual([[alice.id, 1]]);
    });

    test('accepts accounts of every mapped issuer without restrictions', async () => {
      await register(server, 'unlimited', 'secret');
      expect((await ask('unlimited', account(IDP, alice.phone))).status).toBe(204);
      expect((await ask('unlimited', account('OURS', alice.id))).status).toBe(204);
    });
  });

  describe('an unknown user is 204', () => {
    beforeAll(() => start({ GTR_UNKNOWN_SUBJECT: 'no_content' }));
    afterAll(() => server.stop());

    test('applies the answer configured for the caller instead of the one of the server', async () => {
      await register(server, 'loud', 'secret', { restrictions: { unknownSubject: 'not_found' } });
      expect((await ask('loud', uid('nobody'))).status).toBe(404);
      expect((await ask('silent', uid('nobody'))).status).toBe(204);
      expect((await ask('wonderland', uid('bob'))).status).toBe(204);
      expect(await subjects()).toEqual([]);
    });
  });
});
