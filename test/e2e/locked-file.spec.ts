import libsql from 'libsql';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { databases } from '../support/databases.js';
import { serverFixture } from '../support/server.js';
import { asOperator, refusal, seen, send, uidBody } from '../module/endpoint/send.js';

const server = serverFixture(databases[0]!, { env: { GTR_DATABASE_TIMEOUT_MS: '2000' } });
let other: InstanceType<typeof libsql>;

beforeAll(async () => {
  server.app.useLogger(false);
  other = new libsql(server.databaseUrl.slice('sqlite:'.length));
});
afterAll(() => other.close());
beforeEach(() => void other.exec('BEGIN IMMEDIATE'));
afterEach(() => {
  if (other.inTransaction) other.exec('ROLLBACK');
});

const revoke = () => send(server.endpoint, { headers: asOperator, body: uidBody('bob') });

test('returns 503 before the deadline while another process locks the file, then 204', async () => {
  const begun = Date.now();
  const later = refusal(503, 'temporarily_unavailable', 'try again later', { 'retry-after': '5' });
  expect(seen(await revoke())).toEqual(later);
  expect(Date.now() - begun).toBeLessThan(2000);

  other.exec('ROLLBACK');
  expect((await revoke()).status).toBe(204);
});

test('reads do not wait for the lock', async () => {
  const blocked = revoke();
  await sleep(20);
  const begun = Date.now();
  expect((await fetch(`${server.url}/.well-known/openid-configuration`)).status).toBe(200);
  expect(Date.now() - begun).toBeLessThan(1500);
  await blocked;
});

test('returns 204 when the file is locked only for a moment', async () => {
  const blocked = revoke();
  await sleep(20);
  other.exec('ROLLBACK');
  expect((await blocked).status).toBe(204);
});
