import type { OidcRevocation } from 'nestjs-global-revocation/oidc-provider';
import { GLOBAL_REVOCATION_SCOPE } from 'nestjs-global-revocation';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import type { PeopleService } from './people.service.js';
import { issuer } from './settings.js';

/** This application's own oidc-provider. What is ours in it: `adapter`, `devInteractions`, and `connect()`. */
export async function createProvider(revocation: OidcRevocation, people: PeopleService): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const provider = new Provider(issuer, {
    adapter: revocation.adapter,
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['a key of this application'] },
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
