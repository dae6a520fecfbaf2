import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Client, GLOBAL_REVOCATION_SCOPE, Revocation, Sweeper } from 'nestjs-global-revocation';
import { DataSource } from 'typeorm';
import { AppModule } from '../src/app.module.js';
import type { Tokens } from '../src/auth.service.js';
import { hashPassword } from '../src/passwords.js';
import { RefreshToken } from '../src/refresh-token.entity.js';
import { User } from '../src/user.entity.js';

const SECRET = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');
const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

let app: INestApplication;
let url: string;
let dataSource: DataSource;

before(async () => {
  app = await NestFactory.create(AppModule, { logger: ['error', 'fatal'] });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  dataSource = app.get(DataSource);
  const passwordHash = await hashPassword('down the rabbit hole');
  const people = ['alice', 'bob'].map((login) => ({ login, email: `${login}@example.com`, passwordHash }));
  await dataSource.getRepository(User).insert(people);
  const caller = { clientId: 'idp', clientIdHash: sha256('idp'), secretHash: sha256(SECRET), enabled: 1, demo: 0 };
  await dataSource.getRepository(Client).insert({ ...caller, scope: GLOBAL_REVOCATION_SCOPE, metadata: {} });
});
after(() => app.close());

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function signIn(login: string): Promise<Tokens> {
  const response = await post('/auth/sign-in', { login, password: 'down the rabbit hole' });
  assert.equal(response.status, 200);
  return (await response.json()) as Tokens;
}

const revoke = (uid: string, authorization = basic('idp', SECRET)): Promise<Response> =>
  post('/global-token-revocation', { sub_id: { format: 'uid', id: uid } }, { authorization });

const me = async ({ accessToken }: Tokens): Promise<number> =>
  (await fetch(`${url}/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } })).status;

const refresh = ({ refreshToken }: Tokens): Promise<Response> => post('/auth/refresh', { refreshToken });

test('revoking a user ends access and refresh tokens of that user only', async () => {
  const [alice, bob] = await Promise.all([signIn('alice'), signIn('bob')]);
  assert.equal(await me(alice), 200);
  assert.equal((await revoke('alice')).status, 204);
  assert.equal(await me(alice), 401);
  assert.equal((await refresh(alice)).status, 401);
  assert.equal(await me(bob), 200);
  assert.equal((await refresh(bob)).status, 200);
});

test('new tokens are valid after a revocation by e-mail address', async () => {
  const before = await signIn('alice');
  const body = { sub_id: { format: 'email', email: 'Alice@Example.com' } };
  const authorization = basic('idp', SECRET);
  assert.equal((await post('/global-token-revocation', body, { authorization })).status, 204);
  assert.equal(await me(before), 401);
  assert.equal(await me(await signIn('alice')), 200);
});

test('nothing survives a revocation during continuous refreshes', async () => {
  const chains = await Promise.all(Array.from({ length: 8 }, () => signIn('alice')));
  const last = [...chains];
  const refreshing = chains.map(async (start, index) => {
    for (let tokens = start; ;) {
      const response = await refresh(tokens);
      if (response.status !== 200) return;
      tokens = (await response.json()) as Tokens;
      last[index] = tokens;
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await revoke('alice')).status, 204);
  await Promise.all(refreshing);
  const statuses = await Promise.all(
    last.flatMap((tokens) => [me(tokens), refresh(tokens).then(({ status }) => status)]),
  );
  assert.deepEqual(new Set(statuses), new Set([401]));
});

test('the global guard of the application skips the endpoint and protects all other routes', async () => {
  const refused = await fetch(`${url}/global-token-revocation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(refused.status, 401);
  assert.equal(((await refused.json()) as { error: string }).error, 'invalid_client');
  assert.equal((await fetch(`${url}/auth/me`)).status, 401);
});

test('the basic strategies of application and module reject the credentials of each other', async () => {
  const metrics = (id: string, secret: string): Promise<Response> =>
    fetch(`${url}/metrics`, { headers: { authorization: basic(id, secret) } });
  assert.equal((await metrics('prometheus', 'scrape')).status, 200);
  assert.equal((await metrics('idp', SECRET)).status, 401);
  assert.equal((await revoke('bob', basic('prometheus', 'scrape'))).status, 401);
});

test('every revocation has one record with the account ID of the application', async () => {
  const bob = await dataSource.getRepository(User).findOneByOrFail({ login: 'bob' });
  await revoke('bob');
  const records = await dataSource.getRepository(Revocation).findBy({ subject: String(bob.id) });
  assert.deepEqual(
    records.map(({ actor, format }) => [actor, format]),
    [['idp', 'uid']],
  );
});

test('the sweeper deletes and counts refresh tokens of a revoked user', async () => {
  const tokens = dataSource.getRepository(RefreshToken);
  const alice = await dataSource.getRepository(User).findOneByOrFail({ login: 'alice' });
  await app.get(Sweeper).sweep(0);
  await Promise.all([signIn('alice'), signIn('alice'), signIn('bob')]);
  const before = await tokens.countBy({ userId: alice.id });
  await revoke('alice');
  await app.get(Sweeper).sweep(0);
  assert.equal(await tokens.countBy({ userId: alice.id }), 0);
  const [record] = await dataSource.getRepository(Revocation).find({ order: { createdAt: 'DESC' }, take: 1 });
  assert.equal(record?.tokens, before);
});

test('packages that the application does not use are not installed', () => {
  for (const name of ['oidc-provider', '@nestjs/swagger', 'libsql', '@node-rs/argon2']) {
    assert.throws(() => import.meta.resolve(name), { code: 'ERR_MODULE_NOT_FOUND' }, name);
  }
});
