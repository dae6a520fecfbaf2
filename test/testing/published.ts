import { createRequire } from 'node:module';
import type { AuthorizationServer, AuthorizationServerOptions } from '../../src/testing/options.js';

interface Published {
  startAuthorizationServer: (options?: AuthorizationServerOptions) => Promise<AuthorizationServer>;
}

/** The subpath as somebody's test finds it: built, through `exports`. */
export const { startAuthorizationServer } = createRequire(import.meta.url)(
  'nestjs-global-revocation-testing',
) as Published;

/** Status of the userinfo endpoint for an access token. */
export async function userinfo({ issuer }: AuthorizationServer, accessToken: string): Promise<number> {
  return (await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } })).status;
}
