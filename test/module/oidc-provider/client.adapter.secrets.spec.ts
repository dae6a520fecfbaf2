import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import Provider from 'oidc-provider';
import { beforeAll, describe, expect, test } from 'vitest';
import { OidcRevocation } from '../../../src/module/oidc-provider/index.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { GLOBAL_REVOCATION_SCOPE } from '../../../src/module/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { basic } from '../../support/operator.js';
import { demoOperator } from '../../support/people.js';
import { serverFixture } from '../../support/server.js';

const real = crypto.timingSafeEqual;

/** Lengths of what is compared in constant time while `work` runs. */
async function compares(work: () => Promise<unknown>): Promise<number[]> {
  const lengths: number[] = [];
  crypto.timingSafeEqual = (a, b) => {
    lengths.push(a.byteLength);
    return real(a, b);
  };
  syncBuiltinESMExports();
  try {
    await work();
    return lengths;
  } finally {
    crypto.timingSafeEqual = real;
    syncBuiltinESMExports();
  }
}

describeEachDatabase('comparison of client secrets', (database) => {
  const server = serverFixture(database);

  const call = async (url: string, id: string, secret: string): Promise<number> => {
    const headers = { authorization: basic(id, secret), 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body: '{}' })).status;
  };

  test.each([
    ['the right secret', demoOperator.clientId, demoOperator.secret, 400],
    ['a wrong secret', demoOperator.clientId, 'wrong', 401],
    ['an unknown client', 'nobody', demoOperator.secret, 401],
  ])('the endpoint makes two constant-time comparisons of hashes for %s', async (_title, id, secret, status) => {
    const lengths = await compares(async () => expect(await call(server.endpoint, id, secret)).toBe(status));
    expect(lengths).toEqual([64, 64]);
  });

  test.each([
    ['the right secret', demoOperator.secret, true],
    ['a wrong secret', 'wrong', false],
  ])('the token endpoint compares hashes in constant time for %s', async (_title, secret, isRight) => {
    const token = () =>
      fetch(`${server.url}/token`, {
        method: 'POST',
        headers: { authorization: basic(demoOperator.clientId, secret) },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
    expect(await compares(async () => expect((await token()).ok).toBe(isRight))).toEqual([64, 64]);
  });

  describe('a client in the configuration of a provider', () => {
    const own = ['a secret of some length, in plain text', sha256Hex('as long as a hash')];
    let provider: Provider;

    beforeAll(() => {
      const oidc = server.app.get(OidcRevocation, { strict: false });
      const scopes = [GLOBAL_REVOCATION_SCOPE];
      const features = { clientCredentials: { enabled: true }, devInteractions: { enabled: false } };
      const redirect_uris = ['https://app.example/callback'];
      const clients = own.map((client_secret, i) => ({ client_id: `own-${i}`, client_secret, redirect_uris }));
      provider = oidc.connect(new Provider(server.url, { adapter: oidc.adapter, clients, scopes, features }));
    });
    const accepts = async (id: string, secret: string) => (await provider.Client.find(id))!.compareClientSecret(secret);

    test.each(own)('accepts %s and nothing else', async (secret) => {
      const id = `own-${own.indexOf(secret)}`;
      expect(await accepts(id, secret)).toBe(true);
      expect(await accepts(id, sha256Hex(secret))).toBe(false);
      expect(await accepts(id, demoOperator.secret)).toBe(false);
    });

    test('accepts the secret of a registered client, but not its stored hash', async () => {
      expect(await accepts(demoOperator.clientId, demoOperator.secret)).toBe(true);
      expect(await accepts(demoOperator.clientId, sha256Hex(demoOperator.secret))).toBe(false);
      expect(await accepts(demoOperator.clientId, `sha-256 ${sha256Hex(demoOperator.secret)}`)).toBe(false);
    });
  });
});
