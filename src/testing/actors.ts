import { randomBytes, randomUUID } from 'node:crypto';
import { GLOBAL_REVOCATION_SCOPE } from 'nestjs-global-revocation';
import type {
  AuthorizationServerOptions,
  StartedClient,
  StartedServer,
  StartedUser,
  TestClient,
  TestUser,
} from './options.js';

const OPTIONS = ['users', 'clients', 'database', 'path', 'unknownSubject', 'ttl'];

/** Users and clients of a server. */
export type Actors = Pick<StartedServer, 'users' | 'clients' | 'operator'>;

/** Returns users and clients with defaults. @throws Error for an unknown or incomplete option */
export function actorsOf(options: AuthorizationServerOptions): Actors {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw new Error(`startAuthorizationServer: unknown option '${unknown}'; known: ${OPTIONS.join(', ')}`);
  }
  const { users = [{ uid: 'alice' }], clients = [{ client_id: 'app' }] } = options;
  return { users: users.map(userOf), clients: clients.map(clientOf), operator: operator() };
}

function userOf({ uid, ...given }: TestUser): StartedUser {
  if (!uid) throw new Error('every user needs a uid');
  const user = { password: `${uid}-password`, id: randomUUID(), email: `${uid}@example.com`, name: uid };
  return { uid, ...user, phone: '', department: '', ...given };
}

function clientOf({ client_id, ...given }: TestClient): StartedClient {
  if (!client_id) throw new Error('every client needs a client_id');
  const grant_types = given.grant_types ?? ['authorization_code', 'refresh_token'];
  const hasCode = grant_types.includes('authorization_code');
  return {
    client_id,
    ...(given['token_endpoint_auth_method'] !== 'none' && { client_secret: randomBytes(32).toString('hex') }),
    scope: 'openid offline_access profile email phone',
    redirect_uris: hasCode ? ['http://localhost:3001/callback'] : [],
    response_types: hasCode ? ['code'] : [],
    ...given,
    grant_types,
  };
}

const operator = (): StartedServer['operator'] => ({
  client_id: 'operator',
  client_secret: randomBytes(32).toString('hex'),
  scope: GLOBAL_REVOCATION_SCOPE,
  redirect_uris: [],
  response_types: [],
  grant_types: ['client_credentials'],
});
