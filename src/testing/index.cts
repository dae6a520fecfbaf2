/**
 * A running authorization server for end-to-end tests.
 *
 * @module nestjs-global-revocation-testing
 */
import { ServerProcess } from './server-process.cjs';
import type { AuthorizationServer, AuthorizationServerOptions, StartedServer } from './options.js' with {
  'resolution-mode': 'import',
};

export type {
  AuthorizationServer,
  AuthorizationServerOptions,
  SignedIn,
  SignInOptions,
  StartedClient,
  StartedServer,
  StartedUser,
  TestClient,
  TestCookie,
  TestUser,
} from './options.js' with { 'resolution-mode': 'import' };

/**
 * Starts an authorization server on a free port with its own database. Several can run at the same time.
 *
 * @throws Error if a package is missing, an option is invalid, or the database cannot be reached
 * @publicApi
 */
export async function startAuthorizationServer(options: AuthorizationServerOptions = {}): Promise<AuthorizationServer> {
  const child = new ServerProcess();
  try {
    return {
      ...(await child.call<StartedServer>('start', options)),
      signIn: (uid, more = {}) => child.call('signIn', uid, more),
      revoke: (user) => child.call('revoke', user),
      reset: () => child.call('reset'),
      stop: () => child.stop(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
