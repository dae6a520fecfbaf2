import { requestPath } from 'nestjs-global-revocation';

/** Paths of the provider's endpoints. */
export const ROUTES = {
  authorization: '/auth',
  code_verification: '/device',
  device_authorization: '/device/auth',
  end_session: '/session/end',
  introspection: '/token/introspection',
  jwks: '/jwks',
  pushed_authorization_request: '/request',
  revocation: '/token/revocation',
  token: '/token',
  userinfo: '/me',
} as const;

/** Path of the login and consent pages. */
export const INTERACTION = 'interaction';

const PROVIDER = [...Object.values(ROUTES), '/.well-known'];

/** What programs post to: no cookie counts there. */
const OF_PROGRAMS: readonly string[] = [
  ROUTES.device_authorization,
  ROUTES.introspection,
  ROUTES.pushed_authorization_request,
  ROUTES.revocation,
  ROUTES.token,
  ROUTES.userinfo,
];

/** Returns whether the provider, and not Nest, answers this URL. */
export function isProviderUrl(url: string | undefined): boolean {
  const path = requestPath(url);
  return PROVIDER.some((root) => path === root || path.startsWith(`${root}/`));
}

/**
 * Returns whether programs post to this URL, so that other sites may too. Elsewhere a browser's cookies may count, however
 * the URL is spelled.
 */
export const isOfPrograms = (url: string): boolean => OF_PROGRAMS.includes(requestPath(url));
