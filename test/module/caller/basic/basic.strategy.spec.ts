import { beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../../../src/module/database/digest.js';
import { challenges, asOperator, type Answer, send, uidBody } from '../../endpoint/send.js';
import { describeEachDatabase } from '../../../support/databases.js';
import { serverFixture } from '../../../support/server.js';
import { basicVectors, b64, refusedHeaders } from '../basic-vectors.js';
import { register } from '../clients.js';

const SECRETS: Record<string, string | null> = {
  short: 'b',
  colons: ':b:c:',
  blank: 'b c+d%3A',
  unicode: 'ß😀',
  public: null,
};

describeEachDatabase('RFC 6749 §2.3.1, RFC 7617 §2, §2.1, RFC 7591 §2: HTTP Basic', (database) => {
  const server = serverFixture(database);

  beforeAll(async () => {
    for (const [id, secret] of Object.entries(SECRETS)) await register(server, id, secret);
  });

  const withHeader = (authorization: string): Promise<Answer> =>
    send(server.endpoint, { headers: { ...asOperator, authorization }, body: uidBody('bob') });
  const withPair = async (pair: string): Promise<number> => (await withHeader(`Basic ${b64(pair)}`)).status;

  test.each([
    ['short:b', 204],
    ['short:b:anything', 401],
    ['short:b:', 401],
    ['short::b', 401],
    ['short:%62', 204],
    ['short:b ', 401],
    ['short:b+', 401],
    ['colons::b:c:', 204],
    ['colons::b', 401],
    ['colons:', 401],
    ['colons:%3Ab%3Ac%3A', 204],
    ['colons::b:c:x', 401],
    ['blank:b+c%2Bd%253A', 204],
    ['blank:b%20c%2Bd%253A', 204],
    ['blank:b c%2Bd%253A', 204],
    ['blank:b c+d%3A', 401],
    ['unicode:ß😀', 204],
    ['unicode:%C3%9F%F0%9F%98%80', 204],
    ['unicode:ss😀', 401],
    ['public:', 401],
    ['public:b', 401],
    ['public:null', 401],
    ['SHORT:b', 401],
    ['short :b', 401],
    ['shört:b', 401],
  ])('%s → %i', async (pair, status) => {
    expect(await withPair(pair)).toBe(status);
  });

  describe('well-formed headers with unknown credentials', () => {
    test.each(basicVectors)('returns 401 for $0', async (_title, header) => {
      expect((await withHeader(header)).status).toBe(401);
    });
  });

  describe('malformed headers', () => {
    const sendable = refusedHeaders.filter(([, header]) => header.trim() === header);

    test.each(sendable)('returns 401 with a challenge for $0, as for a wrong secret', async (_title, header) => {
      const { status, headers, body } = await withHeader(header);
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toBe(challenges(server.url));
      expect(body).toBe((await withHeader(`Basic ${b64('short:wrong')}`)).body);
    });
  });

  describe('RFC 6749 §2.3, RFC 9110 §5.3: several credentials in one request', () => {
    const good = asOperator.authorization;
    const json = ['Content-Type', 'application/json'];

    test.each([
      ['the same twice', [good, good]],
      ['good and bad', [good, 'Basic x']],
      ['bad and good', ['Basic x', good]],
      ['Basic and Bearer', [good, 'Bearer x']],
      ['both empty', ['', '']],
    ])('returns 400 for two headers: %s', async (_title, values) => {
      const headers = [...json, ...values.flatMap((value) => ['authorization', value])];
      const { status, headers: answered } = await send(server.endpoint, { headers, body: uidBody('bob') });
      expect(status).toBe(400);
      expect(answered).not.toHaveProperty('www-authenticate');
    });

    test.each([
      ['Basic and Bearer', `${good}, Bearer x`],
      ['Basic and Basic', `${good}, ${good}`],
      ['without a space between them', `${good},Bearer x`],
      ['in lower case, after a tab', `${good},\tdpop x`],
      ['another scheme and Basic', `Token x, ${good}`],
    ])('returns 400 for two credentials in one header: %s', async (_title, authorization) => {
      expect((await withHeader(authorization)).status).toBe(400);
    });

    test.each([
      ['?access_token=x', 400],
      ['?access_token=', 400],
      ['?a=b&access%5Ftoken=x', 400],
      ['?x=?&access_token=x', 400],
      ['?a?access_token=x', 400],
      ['??access_token=x', 400],
      ['?client_id=a&client_secret=b', 400],
      ['?client_assertion_type=a&client_assertion=b', 400],
      ['?access_tokens=x', 204],
      ['?a=access_token', 204],
      ['?client_id=a', 204],
    ])('header and %s → %i', async (suffix, status) => {
      const call = { suffix, headers: asOperator, body: uidBody('bob') };
      expect((await send(server.endpoint, call)).status).toBe(status);
    });

    test.each([
      ['?access_token=x', 401],
      ['?client_id=a&client_secret=b', 401],
      ['?access_token=x&access_token=y', 400],
      ['?access_token=x&client_secret=b', 400],
    ])('%s alone → %i', async (suffix, status) => {
      const headers = { 'content-type': 'application/json' };
      expect((await send(server.endpoint, { suffix, headers, body: uidBody('bob') })).status).toBe(status);
    });
  });

  test('rejects a client as soon as it is disabled, and accepts it once it is enabled', async () => {
    const enable = (enabled: number) =>
      server.dataSource.getRepository(Client).update({ clientId: 'short' }, { enabled });

    expect(await withPair('short:b')).toBe(204);
    await enable(0);
    expect(await withPair('short:b')).toBe(401);
    await enable(1);
    expect(await withPair('short:b')).toBe(204);
  });

  test('rejects the old secret as soon as the secret changes', async () => {
    await server.dataSource.getRepository(Client).update({ clientId: 'short' }, { secretHash: sha256Hex('new') });
    expect([await withPair('short:b'), await withPair('short:new')]).toEqual([401, 204]);
  });
});
