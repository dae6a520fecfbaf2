/**
 * An authorization server that runs, for end-to-end suites.
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
 * Starts an authorization server on a free port with a database of its own, for an end-to-end suite. Several may run at the
 * same time.
 *
 * @throws Error that says what is wrong: a package that is missing, an option, a database that cannot be reached
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
