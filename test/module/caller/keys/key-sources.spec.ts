import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { refusal, seen, send, uidBody } from '../../endpoint/send.js';
import { describeEachDatabase } from '../../../support/databases.js';
import { bob } from '../../../support/people.js';
import { serverFixture } from '../../../support/server.js';
import { tokenOf } from '../assertion-cases.js';
import { register } from '../clients.js';
import { KeyServer, keysOf } from '../key-server.js';
import { Signer } from '../signer.js';

describeEachDatabase('RFC 7517 §4, §5, RFC 7515 §4.1: keys that are fetched', (database) => {
  let keyServer: KeyServer;
  let signer: Signer;

  const server = serverFixture(database, async () => {
    signer = await Signer.create();
    keyServer = await KeyServer.start(keysOf(() => signer.jwks));
    const ca = join(await mkdtemp(join(inject('tempDir'), 'ca-')), 'ca.pem');
    await writeFile(ca, keyServer.ca);
    const restrictions = { formats: ['uid'] };
    const identityProviders = [
      { id: 'idp', issuers: ['https://idp.example'], restrictions, keys: { jwksUri: keyServer.url() } },
      {
        id: 'inside',
        issuers: ['https://inside.example'],
        restrictions,
        keys: { jwksUri: keyServer.url('127.0.0.1') },
      },
    ];
    return {
      env: {
        GTR_IDENTITY_PROVIDERS: JSON.stringify(identityProviders),
        GTR_JWKS_ALLOWED_HOSTS: 'localhost',
        GTR_JWKS_CA_FILE: ca,
      },
    };
  });

  beforeAll(async () => {
    const client = (uri: string) => ({
      metadata: {
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        jwks_uri: uri,
      },
    });
    await register(server, 'elsewhere', null, client(keyServer.url()));
    await register(server, 'inside', null, client(keyServer.url('127.0.0.1')));
    await register(server, 'plain', null, client(keyServer.url().replace('https', 'http')));
  });
  afterAll(() => keyServer.stop());

  const signers = () => ({ signer, stranger: signer });
  const ofIdentityProvider = (iss: string, header = {}) =>
    tokenOf(
      { header },
      { claims: { iss, sub: '0oa1', aud: server.endpoint }, header: { typ: 'global-token-revocation+jwt' } },
      signers(),
    );
  const ofClient = (id: string) =>
    tokenOf({}, { claims: { iss: id, sub: id, aud: server.url }, header: {} }, signers());
  const call = (token: string) =>
    send(server.endpoint, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: uidBody(bob.uid),
    });
  const later = refusal(503, 'temporarily_unavailable', 'try again later', { 'retry-after': '5' });

  test('fetches the keys of an identity provider and a client at the same address once', async () => {
    const before = keyServer.requests;
    expect((await call(await ofIdentityProvider('https://idp.example'))).status).toBe(204);
    expect((await call(await ofClient('elsewhere'))).status).toBe(204);
    expect(keyServer.requests - before).toBe(1);
  });

  test('returns 401 for unknown kids with one more fetch at most', async () => {
    const before = keyServer.requests;
    for (const kid of ['a', 'b', 'c']) {
      expect((await call(await ofIdentityProvider('https://idp.example', { kid }))).status).toBe(401);
    }
    expect(keyServer.requests).toBeLessThanOrEqual(before + 1);
  });

  test.each(['https://inside.example', 'inside', 'plain'])(
    'returns 503 for an address that is not allowed: %s',
    async (who) => {
      server.app.useLogger(false);
      const token = await (who.startsWith('https:') ? ofIdentityProvider(who) : ofClient(who));
      expect(seen(await call(token))).toEqual(later);
    },
  );

  test('the token endpoint fetches the keys of a client by the same rules', async () => {
    const grant = async (id: string) => {
      const options = { execute: [oidc.allowInsecureRequests] };
      const auth = oidc.PrivateKeyJwt({ key: signer.privateKey, kid: 'key-1' });
      const config = await oidc.discovery(new URL(server.url), id, undefined, auth, options);
      return oidc.clientCredentialsGrant(config, { scope: 'global_token_revocation' });
    };
    expect((await call((await grant('elsewhere')).access_token)).status).toBe(204);
    const handshakes = keyServer.handshakes;
    await expect(grant('inside')).rejects.toMatchObject({ error: 'invalid_client' });
    expect(keyServer.handshakes).toBe(handshakes);
  });
});
