import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

/** This application's oidc-provider. Only `adapter`, `devInteractions` and `connect()` concern revocations. */
export async function createProvider(issuer, revocation, people) {
  // In production, load the keys from where you keep secrets: every node needs the same ones.
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const provider = new Provider(issuer, {
    adapter: revocation.adapter,
    clients: [
      {
        client_id: 'app',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['http://localhost:3001/callback'],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [process.env.COOKIE_KEY ?? 'only for development'] },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: async (_ctx, id) => {
      const person = await people.findOneBy({ id });
      return person && { accountId: id, claims: () => ({ sub: id, email: person.email }) };
    },
    scopes: ['openid', 'offline_access', 'email'],
    claims: { email: ['email'] },
    features: { devInteractions: { enabled: false } },
  });
  return revocation.connect(provider);
}
