import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Client } from '../../../../src/module/caller/clients/client.entity.js';
import { ClientRegistry } from '../../../../src/module/caller/clients/client-registry.js';
import { sha256Hex } from '../../../../src/module/database/digest.js';
import { asOperator, send, uidBody } from '../../endpoint/send.js';
import { describeEachDatabase } from '../../../support/databases.js';
import { basic } from '../../../support/operator.js';
import { demoOperator } from '../../../support/people.js';
import { serverFixture } from '../../../support/server.js';

const clientId = 'demo-operator';
const MINUTE = 60_000;

describeEachDatabase('a client whose secret is being replaced', (database) => {
  const server = serverFixture(database);

  /** The newest secret is `new`, the one before is the operator's. */
  const rotate = (more: Partial<Client> = {}) =>
    server.dataSource.getRepository(Client).update({ clientId }, {
      secretHash: sha256Hex('new'),
      previousSecretHash: sha256Hex(demoOperator.secret),
      previousSecretExpiresAt: null,
      ...more,
    } as never);
  beforeEach(() => rotate());

  const atEndpoint = async (secret: string): Promise<number> => {
    const headers = { ...asOperator, authorization: basic(clientId, secret) };
    return (await send(server.endpoint, { headers, body: uidBody('bob') })).status;
  };
  const atTokenEndpoint = async (secret: string, method: 'basic' | 'post'): Promise<number> => {
    const credentials = { client_id: clientId, client_secret: secret };
    const response = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: method === 'basic' ? { authorization: basic(clientId, secret) } : {},
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(method === 'post' && credentials) }),
    });
    return response.status;
  };
  const everywhere = async (secret: string): Promise<number[]> => [
    await atEndpoint(secret),
    await atTokenEndpoint(secret, 'basic'),
  ];

  test.each(['new', demoOperator.secret])('accepts secret %# of two at both endpoints', async (secret) => {
    expect(await everywhere(secret)).toEqual([204, 200]);
  });

  test('accepts either secret with client_secret_post', async () => {
    const { metadata } = demoOperator;
    await rotate({ metadata: { ...metadata, token_endpoint_auth_method: 'client_secret_post' } });
    expect(await atTokenEndpoint('new', 'post')).toBe(200);
    expect(await atTokenEndpoint(demoOperator.secret, 'post')).toBe(200);
    expect(await atTokenEndpoint('wrong', 'post')).toBe(401);
    await rotate({ metadata: { ...metadata } });
  });

  test.each([
    ['a wrong secret', 'wrong'],
    ['the hash of the newest secret', sha256Hex('new')],
    ['the hash of the previous secret', sha256Hex(demoOperator.secret)],
    ['both hashes', `${sha256Hex('new')} ${sha256Hex(demoOperator.secret)}`],
  ])('rejects %s at both endpoints', async (_title, secret) => {
    expect(await everywhere(secret)).toEqual([401, 401]);
  });

  test('accepts the previous secret until it expires, and the newest one afterwards', async () => {
    await rotate({ previousSecretExpiresAt: Date.now() + MINUTE });
    expect(await everywhere(demoOperator.secret)).toEqual([204, 200]);
    await rotate({ previousSecretExpiresAt: Date.now() - 1 });
    expect(await everywhere(demoOperator.secret)).toEqual([401, 401]);
    expect(await everywhere('new')).toEqual([204, 200]);
  });

  test('rejects the previous secret on the next request after its removal', async () => {
    expect(await atEndpoint(demoOperator.secret)).toBe(204);
    await rotate({ previousSecretHash: null });
    expect(await everywhere(demoOperator.secret)).toEqual([401, 401]);
  });

  test('reports the same key ID for a secret before and after the rotation', async () => {
    const clients = server.app.get(ClientRegistry);
    const keyOf = async (secret: string) => {
      const found = await clients.authenticate(clientId, secret);
      return found && 'client' in found ? found.keyId : undefined;
    };
    const before = await keyOf('new');
    expect(before).toBe(sha256Hex('new').slice(0, 8));
    expect(await keyOf(demoOperator.secret)).not.toBe(before);
    await rotate({ secretHash: sha256Hex('newest'), previousSecretHash: sha256Hex('new') });
    expect(await keyOf('new')).toBe(before);
  });
});

describeEachDatabase('a client with restrictions', (database) => {
  const server = serverFixture(database);
  const limit = (restrictions: unknown) =>
    server.dataSource.getRepository(Client).update({ clientId }, { restrictions } as never);

  const bearer = async (): Promise<string> => {
    const response = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { authorization: basic(clientId, demoOperator.secret) },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: demoOperator.scope }),
    });
    return `Bearer ${((await response.json()) as { access_token: string }).access_token}`;
  };
  const answer = async (authorization: string, subId: object) => {
    const call = { headers: { ...asOperator, authorization }, body: JSON.stringify({ sub_id: subId }) };
    const { status, headers, body } = await send(server.endpoint, call);
    const { date: _date, ...rest } = headers;
    return { status, headers: rest, body };
  };

  describe.each(['Basic', 'Bearer'])('%s', (scheme) => {
    let authorization: string;
    beforeAll(async () => {
      await limit(null);
      authorization = scheme === 'Basic' ? asOperator.authorization : await bearer();
    });

    test(`${scheme}: a format that is not allowed gets the answer for an unknown user`, async () => {
      await limit({ formats: ['email'] });
      const unknown = await answer(authorization, { format: 'email', email: 'nobody@example.com' });
      expect(unknown.status).toBe(404);
      expect(await answer(authorization, { format: 'uid', id: 'bob' })).toEqual(unknown);
      expect((await answer(authorization, { format: 'email', email: 'bob@example.com' })).status).toBe(204);
    });

    test(`${scheme}: returns 204 for an unknown user when the client has no_content`, async () => {
      await limit({ unknownSubject: 'no_content' });
      expect((await answer(authorization, { format: 'uid', id: 'nobody' })).status).toBe(204);
    });

    test(`${scheme}: returns 503 when the restrictions cannot be read`, async () => {
      await limit({ format: 'email' });
      expect((await answer(authorization, { format: 'uid', id: 'bob' })).status).toBe(503);
      await server.dataSource.query(`UPDATE gtr_client SET restrictions = 'email' WHERE client_id = '${clientId}'`);
      expect((await answer(authorization, { format: 'uid', id: 'bob' })).status).toBe(503);
    });
  });
});
