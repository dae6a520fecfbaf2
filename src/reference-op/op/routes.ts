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

const isUnder = (path: string, roots: readonly string[]): boolean =>
  roots.some((root) => path === root || path.startsWith(`${root}/`));

const pathOf = (url: string): string => url.split('?', 1)[0]!;

/** Whether the provider answers this URL; anything else is Nest's. */
export const isProviderUrl = (url: string): boolean => isUnder(pathOf(url), PROVIDER);

/**
 * Whether a browser's cookies count at this URL, so that another site must not be able to post there. In any spelling:
 * Express ignores case.
 */
export const usesCookies = (url: string): boolean => {
  const path = pathOf(url).toLowerCase();
  return (
    !isUnder(path, [ROUTES.device_authorization]) &&
    isUnder(path, [`/${INTERACTION}`, ROUTES.authorization, ROUTES.code_verification, ROUTES.end_session])
  );
};
