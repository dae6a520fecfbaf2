import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client, GLOBAL_REVOCATION_SCOPE, Revocation, Sweeper } from 'nestjs-global-revocation';
import { DataSource } from 'typeorm';
import { createApp } from '../src/app.js';
import { hashPassword } from '../src/passwords.js';
import { Person } from '../src/person.entity.js';
import { issuer } from '../src/settings.js';
import { RelyingParty } from './relying-party.js';

const SECRET = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const PASSWORD = 'down the rabbit hole';
const ALICE = 'alice@example.com';
const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

let app: NestFastifyApplication;
let party: RelyingParty;

before(async () => {
  app = await createApp();
  await app.listen(new URL(issuer).port, '127.0.0.1');
  const dataSource = app.get(DataSource);
  const password = await hashPassword(PASSWORD);
  await dataSource
    .getRepository(Person)
    .insert(['alice', 'bob'].map((id) => ({ id, email: `${id}@example.com`, password })));
  const client = (clientId: string, scope: string, metadata: object) =>
    dataSource.getRepository(Client).insert({
      ...{ clientId, clientIdHash: sha256(clientId), secretHash: sha256(SECRET), enabled: 1, demo: 0 },
      ...{ scope, metadata: { ...metadata } },
    });
  await client('web', 'openid offline_access email', {
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['http://localhost:3001/callback'],
  });
  await client('idp', GLOBAL_REVOCATION_SCOPE, {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  });
  party = await RelyingParty.discover(issuer, 'web', SECRET);
});
after(() => app.close());

const revoke = (email: string, authorization: string): Promise<Response> =>
  fetch(`${issuer}/global-token-revocation`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ sub_id: { format: 'email', email } }),
  });

const basic = `Basic ${Buffer.from(`idp:${SECRET}`).toString('base64')}`;

test('discovery → names the endpoint', async () => {
  const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >;
  assert.equal(metadata['global_token_revocation_endpoint'], `${issuer}/global-token-revocation`);
});

test('a person is revoked → session, access and refresh token have ended, those of others have not', async () => {
  const alice = await party.signIn(ALICE, PASSWORD);
  const bob = await party.signIn('bob@example.com', PASSWORD);
  assert.equal(await party.isActive(alice.tokens.access_token), true);
  assert.equal(await party.silently(alice.cookies), null);
  assert.equal((await revoke(ALICE, basic)).status, 204);
  assert.equal(await party.isActive(alice.tokens.access_token), false);
  await assert.rejects(party.refresh(alice.tokens.refresh_token!), { error: 'invalid_grant' });
  assert.equal(await party.silently(alice.cookies), 'login_required');
  assert.equal(await party.isActive(bob.tokens.access_token), true);
});

test('signed in again → alive', async () => {
  const { tokens } = await party.signIn(ALICE, PASSWORD);
  assert.equal(await party.isActive((await party.refresh(tokens.refresh_token!)).access_token), true);
});

test('the caller has an access token of this provider → taken; a token of a person is not', async () => {
  const { tokens } = await party.signIn(ALICE, PASSWORD);
  assert.equal((await revoke(ALICE, `Bearer ${tokens.access_token}`)).status, 403);
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: GLOBAL_REVOCATION_SCOPE });
  const answer = await fetch(`${issuer}/token`, { method: 'POST', headers: { authorization: basic }, body });
  const { access_token } = (await answer.json()) as { access_token: string };
  assert.equal((await revoke(ALICE, `Bearer ${access_token}`)).status, 204);
  assert.equal(await party.isActive(tokens.access_token), false);
});

test('swept → the record says how many sessions and tokens ended', async () => {
  await party.signIn('bob@example.com', PASSWORD);
  await revoke('bob@example.com', basic);
  await app.get(Sweeper).sweep(0);
  const records = await app.get(DataSource).getRepository(Revocation).findBy({ subject: 'bob' });
  assert.ok(records.every(({ completedAt }) => completedAt !== null));
  assert.deepEqual(
    records.map(({ sessions, tokens }) => [sessions, tokens]),
    [[2, 4]],
  );
});
