import type { OidcRevocation } from 'nestjs-global-revocation/oidc-provider';
import { GLOBAL_REVOCATION_SCOPE } from 'nestjs-global-revocation';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import type { PeopleService } from './people.service.js';
import { issuer } from './settings.js';

/** This application's oidc-provider. Only `adapter`, `devInteractions`, `connect()`, and scope and grant of callers concern revocations. */
export async function createProvider(revocation: OidcRevocation, people: PeopleService): Promise<Provider> {
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
    cookies: { keys: [process.env['COOKIE_KEY'] ?? 'only for development'] },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, id) => people.find(id),
    scopes: ['openid', 'offline_access', 'email', GLOBAL_REVOCATION_SCOPE],
    claims: { email: ['email'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
    },
  });
  return revocation.connect(provider);
}
