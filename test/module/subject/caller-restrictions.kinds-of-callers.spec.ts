import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Client } from '../../../src/module/caller/clients/client.entity.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { asOperator, type Answer, send } from '../endpoint/send.js';
import { SqlLog } from '../endpoint/sql-log.js';
import { describeEachDatabase } from '../../support/databases.js';
import { alice, bob, demoOperator } from '../../support/people.js';
import { serverFixture } from '../../support/server.js';
import { tokenOf } from '../caller/assertion-cases.js';
import { BoundClient, unboundToken } from '../caller/bound-client.js';
import { register } from '../caller/clients.js';
import { Signer } from '../caller/signer.js';

const restrictions = { tenant: alice.department, formats: ['uid', 'email'] };
const untyped = 'https://untyped.example';
const typed = 'https://typed.example';

const uid = (id: string) => ({ format: 'uid', id });
const email = (address: string) => ({ format: 'email', email: address });
const aliases = (...identifiers: object[]) => ({ format: 'aliases', identifiers });

/** Somebody outside, and nobody, named in the same way. */
const outside: Array<[what: string, outside: object, nobody: object]> = [
  ['a user of another tenant', uid('bob'), uid('nobody')],
  ['an e-mail address', email(bob.email), email('nobody@example.com')],
  ['users of another tenant', aliases(uid('bob'), email(bob.email)), aliases(uid('nobody'), email('no@example.com'))],
  ['a format that is not allowed', { format: 'opaque', id: alice.id }, { format: 'opaque', id: 'nobody' }],
];

/** Every way to authenticate. */
const kinds = [
  'client_secret_basic',
  'Bearer',
  'DPoP',
  'private_key_jwt',
  'identity provider',
  'identity provider without typ',
] as const;
type Kind = (typeof kinds)[number];

describeEachDatabase('the restrictions of every kind of caller', (database) => {
  const server = serverFixture(database, async () => {
    const { jwks } = await signer;
    const identityProviders = [
      { id: 'typed', issuers: [typed], keys: { jwks }, restrictions },
      { id: 'untyped', issuers: [untyped], subject: 'our app', acceptUntyped: true, keys: { jwks }, restrictions },
    ];
    return { env: { GTR_IDENTITY_PROVIDERS: JSON.stringify(identityProviders) } };
  });
  let sql: SqlLog;
  let bound: BoundClient;
  let bearer: string;
  const signer = Signer.create();

  beforeAll(async () => {
    const { jwks } = await signer;
    const operator = { clientId: demoOperator.clientId };
    await server.dataSource.getRepository(Client).update(operator, { restrictions });
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks };
    await register(server, 'signing', null, { metadata, restrictions });
    bound = await BoundClient.create(server);
    bearer = await unboundToken(server);
    sql = new SqlLog(server.dataSource);
  });
  beforeEach(() => server.dataSource.query('DELETE FROM gtr_revocation'));

  const signed = async (claims: object, header = {}) => {
    const signers = { signer: await signer, stranger: await signer };
    return { authorization: `Bearer ${await tokenOf({}, { claims: claims as never, header }, signers)}` };
  };
  const credentials: Record<Kind, () => Promise<Record<string, string>>> = {
    client_secret_basic: () => Promise.resolve(asOperator),
    Bearer: () => Promise.resolve({ authorization: `Bearer ${bearer}` }),
    DPoP: () => bound.headers(),
    private_key_jwt: () => signed({ iss: 'signing', sub: 'signing', aud: server.url }),
    'identity provider': () =>
      signed({ iss: typed, sub: 'our app', aud: server.endpoint }, { typ: 'global-token-revocation+jwt' }),
    'identity provider without typ': () => signed({ iss: untyped, sub: 'our app', aud: server.endpoint }),
  };

  /** Everything of an answer but its time, and what the database was asked. */
  async function ask(kind: Kind, subId: object) {
    const headers = { ...(await credentials[kind]()), 'content-type': 'application/json' };
    let answer!: Answer;
    const statements = await sql.hotPathOf(async () => {
      answer = await send(server.endpoint, { headers, body: JSON.stringify({ sub_id: subId }) });
    });
    const { date: _date, ...rest } = answer.headers;
    // TypeORM writes numbers into the statement: when a proof expires is one.
    return { ...answer, headers: rest, statements: statements.map((text) => text.replace(/\d{13}/, 'expires_at')) };
  }
  const records = () => server.dataSource.getRepository(Revocation).find();

  describe.each(kinds)('%s', (kind) => {
    test.each(outside)(
      `${kind}: %s outside its restrictions gets the bytes and statements of an unknown user`,
      async (_what, there, nobody) => {
        const unknown = await ask(kind, nobody);
        expect(unknown.status).toBe(404);
        expect(unknown.statements.filter((text) => text.includes('op_user')).length).toBeGreaterThan(0);
        expect(await ask(kind, there)).toEqual(unknown);
        expect(await records()).toEqual([]);
      },
    );

    test(`${kind}: revokes only the user of its tenant`, async () => {
      expect((await ask(kind, aliases(uid('bob'), uid('alice')))).status).toBe(204);
      const method = kind.startsWith('identity provider') ? 'global-token-revocation+jwt' : kind;
      expect(await records()).toMatchObject([{ subject: alice.id, matched: 1, method }]);
    });
  });
});
