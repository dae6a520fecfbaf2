import { beforeAll, beforeEach, expect, test } from 'vitest';
import { Revocation } from '../../../../src/module/revocation/revocation.entity.js';
import { SubjectEpochs } from '../../../../src/module/revocation/subject-epochs.js';
import { challenges, refusal, seen, send, uidBody } from '../../endpoint/send.js';
import { SqlLog } from '../../endpoint/sql-log.js';
import { describeEachDatabase } from '../../../support/databases.js';
import { bob } from '../../../support/people.js';
import { serverFixture } from '../../../support/server.js';
import { tokenOf } from '../assertion-cases.js';
import { register } from '../clients.js';
import { Signer } from '../signer.js';

const OKTA = 'https://example.okta.com';

describeEachDatabase('RFC 7519 §4.1.7, RFC 7523 §3: single use of an assertion', (database) => {
  const server = serverFixture(database, async () => {
    signer = await Signer.create();
    const okta = { id: 'okta', issuers: [OKTA], keys: { jwks: signer.jwks }, restrictions: { formats: ['uid'] } };
    return { env: { GTR_IDENTITY_PROVIDERS: JSON.stringify([okta]) } };
  });
  let signer: Signer;
  let sql: SqlLog;

  beforeAll(async () => {
    const metadata = {
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      jwks: signer.jwks,
    };
    await register(server, 'signing', null, { metadata });
    sql = new SqlLog(server.dataSource);
  });
  beforeEach(() => server.dataSource.query('DELETE FROM gtr_revocation'));

  const ofIdentityProvider = (claims: object = {}) =>
    tokenOf(
      { claims: { ...claims } },
      { claims: { iss: OKTA, sub: '0oa1', aud: server.endpoint }, header: { typ: 'global-token-revocation+jwt' } },
      { signer, stranger: signer },
    );
  const ofClient = (claims: object = {}) =>
    tokenOf(
      { claims: { ...claims } },
      { claims: { iss: 'signing', sub: 'signing', aud: server.url }, header: {} },
      { signer, stranger: signer },
    );
  const call = (token: string, body = uidBody(bob.uid)) =>
    send(server.endpoint, { headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body });
  const status = async (token: string, body?: string) => (await call(token, body)).status;
  const records = () => server.dataSource.query<object[]>('SELECT * FROM gtr_revocation');
  const epoch = () => server.app.get(SubjectEpochs).current(bob.id);

  const tokenFor = async (assertion: string): Promise<number> => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    return (await fetch(`${server.url}/token`, { method: 'POST', body })).status;
  };

  test('an assertion used at the token endpoint gets 401 at the endpoint, and vice versa', async () => {
    const [spent, revoking] = [await ofClient(), await ofClient()];
    expect(await tokenFor(spent)).toBe(200);
    expect(await status(spent)).toBe(401);
    expect(await tokenFor(spent)).toBe(401);
    expect(await status(revoking)).toBe(204);
    expect(await tokenFor(revoking)).toBe(401);
    expect(await records()).toHaveLength(1);
  });

  test('a repeated assertion with the same body gets 204, without a second record or epoch', async () => {
    for (const token of [await ofIdentityProvider(), await ofClient()]) {
      expect(await status(token)).toBe(204);
      const before = await epoch();
      expect(await status(token)).toBe(204);
      expect(await epoch()).toBe(before);
    }
    expect(await records()).toHaveLength(2);
  });

  test('a repeated assertion with another body gets 401 with that reason', async () => {
    const token = await ofIdentityProvider();
    expect(await status(token)).toBe(204);
    expect(seen(await call(token, uidBody('alice')))).toEqual(
      refusal(401, 'invalid_token', 'the assertion has already been used with a different body', {
        'www-authenticate': challenges(server.url, { Bearer: 'invalid_token' }),
      }),
    );
    expect(await records()).toHaveLength(1);
  });

  test.each([
    ['known user', uidBody('alice')],
    ['unknown user', uidBody('nobody')],
    ['malformed body', '{'],
    ['the same body spelled differently', ` ${uidBody('bob')}`],
    ['empty body', ''],
  ])('a repeated assertion with another body gets the same 401 whether the user exists: %s', async (_title, body) => {
    const token = await ofClient();
    expect(await status(token)).toBe(204);
    const known = await call(token, uidBody('breakfast'));
    const other = await call(token, body);
    expect(seen(other)).toEqual(seen(known));
    expect(other.status).toBe(401);
  });

  test('100 requests at once with one assertion all get 204, one record and one epoch', async () => {
    const token = await ofIdentityProvider();
    const before = await epoch();
    const answers = await Promise.all(Array.from({ length: 100 }, () => status(token)));
    expect(new Set(answers)).toEqual(new Set([204]));
    const after = await epoch();
    expect(after).toBeGreaterThan(before!);
    const kept = await server.dataSource.getRepository(Revocation).find();
    expect(kept.map(({ epochBefore, epochAfter }) => [epochBefore, epochAfter])).toEqual([[before, after]]);
  });

  test('of 100 requests at once with two bodies, those with the second body get 401', async () => {
    const token = await ofIdentityProvider();
    const bodies = [uidBody('bob'), uidBody('alice')];
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => status(token, bodies[i % 2])));
    expect(answers.toSorted((a, b) => a - b)).toEqual([...Array<number>(50).fill(204), ...Array<number>(50).fill(401)]);
    expect(await records()).toHaveLength(1);
  });

  test('a request without effect does not use up its assertion', async () => {
    const token = await ofIdentityProvider();
    expect(await status(token, uidBody('nobody'))).toBe(404);
    expect(await status(token, '{')).toBe(400);
    expect(await status(token)).toBe(204);
  });

  test('the same jti of two callers belongs to two assertions', async () => {
    const jti = 'the same for both';
    expect([await status(await ofIdentityProvider({ jti })), await status(await ofClient({ jti }))]).toEqual([
      204, 204,
    ]);
    expect(await records()).toHaveLength(2);
  });

  test('a new signature with the same jti counts as the same assertion', async () => {
    const jti = 'once more';
    expect(await status(await ofIdentityProvider({ jti }))).toBe(204);
    expect(await status(await ofIdentityProvider({ jti }))).toBe(204);
    expect(await status(await ofIdentityProvider({ jti }), uidBody('alice'))).toBe(401);
    expect(await records()).toHaveLength(1);
  });

  test('returns 503 when the table of used assertions cannot be read', async () => {
    server.app.useLogger(false);
    await server.dataSource.query('ALTER TABLE gtr_assertion RENAME TO away');
    expect(await status(await ofIdentityProvider())).toBe(503);
    await server.dataSource.query('ALTER TABLE away RENAME TO gtr_assertion');
    expect(await records()).toEqual([]);
  });

  test('costs an identity provider 7 statements and a client 8', async () => {
    const begin = database.name === 'sqlite' ? 'BEGIN' : 'START TRANSACTION';
    const write = [begin, 'INSERT', 'INSERT', 'INSERT', 'COMMIT'];
    const verbs = async (token: string) =>
      (await sql.of(() => call(token)))
        .filter((text) => !text.includes('gtr_feature_flag')) // read twice a second
        .map((text) => /^\w+(?: TRANSACTION)?/.exec(text)![0]);
    const [identityProvider, client] = [await verbs(await ofIdentityProvider()), await verbs(await ofClient())];
    expect(identityProvider).toEqual(['SELECT', 'SELECT', ...write]);
    expect(client).toHaveLength(identityProvider.length + 1);
  });
});
