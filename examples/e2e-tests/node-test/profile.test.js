import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startAuthorizationServer } from 'nestjs-global-revocation-testing';
import { startProfileApi } from '../profile-api.cjs';

let server;
let api;

before(async () => {
  server = await startAuthorizationServer({ users: [{ uid: 'alice' }, { uid: 'bob' }] });
  api = await startProfileApi(server.issuer);
});
after(async () => {
  api?.stop();
  await server?.stop();
});

test('alice is revoked: her profile is closed, that of bob is not', async () => {
  const alice = await server.signIn('alice');
  const bob = await server.signIn('bob');
  assert.equal(await api.status(alice.tokens), 200);
  await server.revoke('alice');
  assert.equal(await api.status(alice.tokens), 401);
  assert.equal(await api.status(bob.tokens), 200);
});

test('alice signs in again: her profile is open', async () => {
  await server.revoke('alice');
  const { tokens } = await server.signIn('alice');
  assert.equal(await api.status(tokens), 200);
});
