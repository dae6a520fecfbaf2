import { expect, test } from 'vitest';
import { actorsOf } from '../../src/testing/actors.js';
import type { AuthorizationServerOptions } from '../../src/testing/options.js';

test('starts with alice, a client with a secret, and an operator by default', () => {
  const { users, clients, operator } = actorsOf({});
  expect(users).toMatchObject([{ uid: 'alice', email: 'alice@example.com', password: 'alice-password' }]);
  expect(clients).toMatchObject([
    { client_id: 'app', client_secret: expect.stringMatching(/^[\da-f]{64}$/) as string },
  ]);
  expect(operator).toMatchObject({ client_id: 'operator', scope: 'global_token_revocation' });
});

test('gives a public client no secret, and a client without the code flow no redirect address', () => {
  const { clients } = actorsOf({
    clients: [
      { client_id: 'spa', token_endpoint_auth_method: 'none' },
      { client_id: 'job', grant_types: ['client_credentials'] },
    ],
  });
  expect(clients[0]).not.toHaveProperty('client_secret');
  expect(clients[1]).toMatchObject({ redirect_uris: [], response_types: [] });
});

test.each([
  [{ user: [] }, "unknown option 'user'; known: users, clients"],
  [{ users: [{}] }, 'every user needs a uid'],
  [{ clients: [{}] }, 'every client needs a client_id'],
])('refuses %j', (options, message) => {
  expect(() => actorsOf(options as unknown as AuthorizationServerOptions)).toThrow(message);
});
