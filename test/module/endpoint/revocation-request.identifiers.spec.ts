import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { describeEachDatabase } from '../../support/databases.js';
import { alice, bob } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';
import { asOperator, refusal, seen, send } from './send.js';

const byUid = { format: 'uid', id: 'alice' };
const byMail = { format: 'email', email: alice.email };
const byPhone = { format: 'phone_number', phone_number: alice.phone };
const invalid = 'sub_id must have exactly the members of its format, each with a valid value';
const unsupported = 'the format of sub_id is not supported here';

describeEachDatabase('identifiers at the endpoint', (database) => {
  let server: TestServer;
  const post = async (body: object) =>
    seen(
      await send(server.endpoint, { headers: asOperator, body: JSON.stringify(body).replaceAll('ISSUER', server.url) }),
    );
  const revoked = async () =>
    (await server.dataSource.getRepository(Revocation).find()).map(({ subject, format, matched }) => [
      subject,
      format,
      matched,
    ]);

  describe('as shipped', () => {
    beforeAll(async () => {
      server = await startServer(database);
    });
    afterAll(() => server.stop());
    beforeEach(() => server.dataSource.query('DELETE FROM gtr_revocation'));

    test.each<[{ format: string } & Record<string, unknown>]>([
      [byUid],
      [{ format: 'email', id: 'ALICE@example.com' }],
      [byMail],
      [byPhone],
      [{ format: 'account', uri: 'ACCT:%61lice@127.0.0.1' }],
      [{ format: 'iss_sub', iss: 'ISSUER', sub: alice.id }],
      [{ format: 'opaque', id: alice.id }],
      [{ format: 'aliases', identifiers: [byUid, byMail, byPhone, { format: 'did', url: 'did:example:alice' }] }],
    ])('$format %j returns 204 and is recorded under its format', async (subId) => {
      expect(await post({ sub_id: subId })).toMatchObject({ status: 204 });
      expect(await revoked()).toEqual([[alice.id, subId.format, 1]]);
    });

    test('returns 422 and revokes nobody for aliases of two users', async () => {
      const identifiers = [byUid, { format: 'opaque', id: bob.id }];
      expect(await post({ sub_id: { format: 'aliases', identifiers } })).toEqual(
        refusal(422, 'unprocessable', 'the identifier names more than one user'),
      );
      expect(await revoked()).toEqual([]);
    });

    test.each<[object, string]>([
      [{ format: 'did', url: 'did:example:alice' }, unsupported],
      [{ format: 'uri', uri: 'https://example.com/alice' }, unsupported],
      [{ format: 'phone', id: alice.phone }, unsupported],
      [{ format: 'aliases', identifiers: [{ format: 'did', url: 'did:example:alice' }] }, unsupported],
      [{ format: 'did', url: 'https://example.com' }, invalid],
      [{ format: 'phone_number', phone_number: '12065550100' }, invalid],
      [{ format: 'phone_number', id: alice.phone }, invalid],
      [{ format: 'account', uri: 'alice@127.0.0.1' }, invalid],
      [{ format: 'aliases', identifiers: [] }, invalid],
      [{ format: 'aliases', identifiers: [byUid, byUid] }, invalid],
      [{ format: 'aliases', identifiers: [byUid, { format: 'aliases', id: 'x' }] }, invalid],
    ])('returns 400 with the reason for %j', async (subId, description) => {
      expect(await post({ sub_id: subId })).toEqual(refusal(400, 'invalid_request', description));
      expect(await revoked()).toEqual([]);
    });

    test('returns 400 without a lookup for any other JSON as sub_id', async () => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (subId) => {
          expect(await post({ sub_id: subId })).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
        }),
        { numRuns: 200 },
      );
      expect(await revoked()).toEqual([]);
    });

    test.each([[{ subject: byUid }], [{ subject: byUid, sub_id: byUid }]])(
      'returns 400 for %j, because only sub_id is allowed',
      async (body) => {
        const expected = refusal(400, 'invalid_request', 'the body must have exactly one member, sub_id');
        expect(await post(body)).toEqual(expected);
        expect(await revoked()).toEqual([]);
      },
    );
  });

  describe('draft-parecki-oauth-global-token-revocation-02 §3.2: acceptSubjectMember', () => {
    beforeAll(async () => {
      server = await startServer(database, { env: { GTR_ACCEPT_SUBJECT_MEMBER: 'on' } });
    });
    afterAll(() => server.stop());
    beforeEach(() => server.dataSource.query('DELETE FROM gtr_revocation'));

    test.each([
      [{ subject: byUid }],
      [{ sub_id: byUid }],
      [{ sub_id: byUid, subject: byUid }],
      [{ subject: { id: 'alice', format: 'uid' }, sub_id: byUid }],
    ])('returns 204 and revokes once for %j', async (body) => {
      expect(await post(body)).toMatchObject({ status: 204 });
      expect(await revoked()).toEqual([[alice.id, 'uid', 1]]);
    });

    test.each<[object, string]>([
      [{ sub_id: byUid, subject: { format: 'uid', id: 'bob' } }, 'sub_id and subject must be identical'],
      [{ sub_id: byUid, subject: byMail }, 'sub_id and subject must be identical'],
      [{ sub_id: byUid, subject: null }, 'sub_id and subject must be identical'],
      [{ sub_id: byUid, subject: { ...byUid, more: '1' } }, 'sub_id and subject must be identical'],
      [{ sub_id: null, subject: null }, invalid],
      [{ subject: { format: 'uid' } }, invalid],
      [{ subject: byUid, sub: byUid }, 'the body must have exactly one member, sub_id'],
      [{}, 'the body must have exactly one member, sub_id'],
    ])('returns 400 for %j', async (body, description) => {
      expect(await post(body)).toEqual(refusal(400, 'invalid_request', description));
      expect(await revoked()).toEqual([]);
    });
  });
});
