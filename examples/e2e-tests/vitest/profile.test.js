import { startAuthorizationServer } from 'nestjs-global-revocation-testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProfileApi } from '../profile-api.cjs';

let server;
let api;

beforeAll(async () => {
  server = await startAuthorizationServer({ users: [{ uid: 'alice' }, { uid: 'bob' }] });
  api = await startProfileApi(server.issuer);
});
afterAll(async () => {
  api?.stop();
  await server?.stop();
});

test('alice is revoked: her profile is closed, that of bob is not', async () => {
  const alice = await server.signIn('alice');
  const bob = await server.signIn('bob');
  expect(await api.status(alice.tokens)).toBe(200);
  await server.revoke('alice');
  expect(await api.status(alice.tokens)).toBe(401);
  expect(await api.status(bob.tokens)).toBe(200);
});

test('alice signs in again: her profile is open', async () => {
  await server.revoke('alice');
  const { tokens } = await server.signIn('alice');
  expect(await api.status(tokens)).toBe(200);
});
