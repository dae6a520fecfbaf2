import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/module/audit/audit-event.js';
import { AuditEvents } from '../../../src/module/audit/audit-events.js';
import { RevocationService } from '../../../src/module/revocation/revocation.service.js';
import { Sweeper } from '../../../src/module/revocation/sweep/sweeper.js';
import { accessOnMainPort } from '../../../src/reference-op/metrics/metrics-access.js';
import { asOperator, send, uidBody } from '../endpoint/send.js';
import { withoutTable } from '../endpoint/sql-log.js';
import { Browser } from '../../support/browser.js';
import { databases, describeEachDatabase, describeEachServer } from '../../support/databases.js';
import { freePort } from '../../support/free-port.js';
import { basic } from '../../support/operator.js';
import { alice, bob, demoNoScope } from '../../support/people.js';
import { oauthError, RelyingParty } from '../../support/relying-party.js';
import { startForTest, serverFixture, startServer } from '../../support/server.js';
import { Exposition } from './exposition.js';

const TOKEN = 'metrics-token-of-at-least-32-characters';
const json = { 'content-type': 'application/json' };

/** What an extension of a host could send. */
const hostileEvent = (value: string): AuditEvent =>
  ({
    'event.action': 'revocation-request',
    'event.outcome': 'failure',
    ...{ 'event.reason': value, 'gtr.method': value, 'gtr.format': value, 'user.id': value },
  }) as unknown as AuditEvent;

describeEachServer('metrics after real traffic', (database) => {
  const server = serverFixture(database);

  const metrics = () => Exposition.of(`${server.url}/metrics`);
  const post = (headers: Record<string, string>, body: string) => send(server.endpoint, { headers, body });
  const requests = (result: string, method: string, format: string) =>
    `gtr_requests_total{result="${result}",method="${method}",format="${format}"}`;

  test('counts requests by result, method and format, measures durations and counts revocations', async () => {
    await post(asOperator, uidBody('alice'));
    await post(asOperator, uidBody('alice'));
    await post(asOperator, JSON.stringify({ sub_id: { format: 'email', email: 'nobody@example.com' } }));
    await post({ ...json, authorization: basic('demo-operator', 'wrong') }, uidBody('alice'));
    await post({ ...json, authorization: basic(demoNoScope.clientId, demoNoScope.secret) }, uidBody('alice'));
    await post(asOperator, '{');
    await send(server.endpoint, { method: 'GET' });
    await server.app.get(RevocationService).revoke(bob.id, { actor: 'test' });

    const seen = await metrics();
    expect(seen.value(requests('revoked', 'client_secret_basic', 'uid'))).toBe(2);
    expect(seen.value(requests('unknownSubject', 'client_secret_basic', 'email'))).toBe(1);
    expect(seen.value(requests('invalidClient', 'client_secret_basic', 'none'))).toBe(1);
    expect(seen.value(requests('insufficientScope', 'client_secret_basic', 'none'))).toBe(1);
    expect(seen.value(requests('malformedJson', 'client_secret_basic', 'none'))).toBe(1);
    expect(seen.value(requests('methodNotAllowed', 'none', 'none'))).toBe(1);
    expect(seen.value('gtr_request_duration_seconds_count{outcome="success"}')).toBe(2);
    expect(seen.value('gtr_request_duration_seconds_count{outcome="failure"}')).toBe(5);
    expect(seen.value('gtr_request_duration_seconds_sum{outcome="success"}')).toBeGreaterThan(0.0005);
    expect(seen.value('gtr_revocations_total{method="client_secret_basic"}')).toBe(2);
    expect(seen.value('gtr_revocations_total{method="in_process"}')).toBe(1);
    expect(seen.value('gtr_database_retries_total')).toBe(0);
    expect(seen.value('gtr_database_under_way')).toBe(0);
    expect(seen.value('process_resident_memory_bytes')).toBeGreaterThan(2 ** 20);
  });

  test('hostile values create no series', async () => {
    const evil = (i: number) => `evil-${i}-"}\\n{x="`;
    const sendAll = async (i: number): Promise<void> => {
      await post({ ...asOperator, 'x-request-id': `evil-${i}` }, uidBody(evil(i)));
      await post(asOperator, JSON.stringify({ sub_id: { format: evil(i), id: 'x' } }));
      await post({ ...json, authorization: basic(`evil-${i}`, evil(i)) }, uidBody('x'));
      await post({ ...json, authorization: `Evil${i} x` }, uidBody('x'));
      await send(server.endpoint, { method: 'PUT', suffix: `?evil=${i}` });
      server.app.get(AuditEvents).emit(hostileEvent(evil(i)));
    };
    await sendAll(0);
    const ours = ({ series }: Exposition): string[] => series.filter((name) => name.startsWith('gtr_'));
    const before = ours(await metrics());
    for (let i = 1; i <= 20; i += 1) await sendAll(i);
    const after = await metrics();
    expect(after.text).not.toContain('evil');
    expect(ours(after)).toEqual(before);
  });

  test('counts and logs uses of revoked credentials, and ignores live and made-up ones', async () => {
    const app = await RelyingParty.discover(server);
    const browser = new Browser(server.url);
    const tokens = await app.signIn(browser, alice);
    const bobs = await app.signIn(new Browser(server.url), bob);
    const uses = async () => {
      const seen = await metrics();
      const kinds = ['AccessToken', 'RefreshToken', 'Session'];
      return kinds.map((kind) => seen.value(`gtr_revoked_credential_uses_total{kind="${kind}"}`) ?? 0);
    };
    const before = await uses();
    await app.introspect(tokens.access_token);
    expect(await uses()).toEqual(before);

    await post(asOperator, uidBody('alice'));
    await server.app.get(Sweeper).sweep(); // leaves what was revoked just now
    expect((await app.introspect(tokens.access_token)).active).toBe(false);
    expect(await oauthError(app.refresh(tokens.refresh_token!))).toBe('invalid_grant');
    expect((await app.silently(browser)).url.searchParams.get('error')).toBe('login_required');
    expect((await app.introspect(bobs.access_token)).active).toBe(true);
    expect((await app.introspect('made-up')).active).toBe(false);

    expect(await uses()).toEqual([before[0]! + 1, before[1]! + 1, expect.toSatisfy((n: number) => n > before[2]!)]);
    const line = server.log.lines.find((each) => each['event.action'] === 'revoked-credential-used');
    expect(line).toMatchObject({ 'gtr.credential': 'AccessToken', 'http.request.id': expect.any(String) as string });
  });

  test('rejects a swept token without counting it from 30 seconds after the revocation', async () => {
    await server.app.get(Sweeper).sweep(0);
    const app = await RelyingParty.discover(server);
    const { access_token: token } = await app.signIn(new Browser(server.url), alice);
    await post(asOperator, uidBody('alice'));
    const uses = async () => {
      expect((await app.introspect(token)).active).toBe(false);
      return (await metrics()).value('gtr_revoked_credential_uses_total{kind="AccessToken"}')!;
    };
    const sweptAt = async (age: number) => {
      await server.dataSource.query(
        `UPDATE gtr_revocation SET created_at = ${Date.now() - age} WHERE completed_at IS NULL`,
      );
      await server.app.get(Sweeper).sweep();
    };
    const before = await uses();
    await sweptAt(25_000);
    expect(await uses()).toBe(before + 1);
    await sweptAt(30_000);
    expect(await uses()).toBe(before + 1);
  });

  test('starts at 0 for a kind of credential that nobody has used', async () => {
    expect((await metrics()).value('gtr_revoked_credential_uses_total{kind="DeviceCode"}')).toBe(0);
  });

  test('reports backlog and age of unswept revocations, or NaN when the database cannot be read', async () => {
    await server.app.get(Sweeper).sweep(0);
    expect((await metrics()).value('gtr_sweep_backlog')).toBe(0);
    expect((await metrics()).value('gtr_sweep_oldest_age_seconds')).toBe(0);
    await post(asOperator, uidBody('alice'));
    await server.dataSource.query(
      'UPDATE gtr_revocation SET created_at = created_at - 60000 WHERE completed_at IS NULL',
    );
    const seen = await metrics();
    expect(seen.value('gtr_sweep_backlog')).toBe(1);
    expect(seen.value('gtr_sweep_oldest_age_seconds')).toBeGreaterThanOrEqual(60);
    expect(seen.value('gtr_sweep_oldest_age_seconds')).toBeLessThan(120);
    await withoutTable(server.dataSource, 'gtr_revocation', async () => {
      const without = await metrics();
      expect(without.text).toContain('gtr_sweep_backlog Nan');
      expect(without.value('gtr_database_timeouts_total')).toBe(0);
    });
  });
});

describeEachDatabase('database pool', (database) => {
  test('reports the connections of a pool', async () => {
    const server = await startForTest(database);
    await Promise.all(
      Array.from({ length: 5 }, () => send(server.endpoint, { headers: asOperator, body: uidBody('bob') })),
    );
    const seen = await Exposition.of(`${server.url}/metrics`);
    const connections = ['in_use', 'idle'].map((state) => seen.value(`gtr_database_connections{state="${state}"}`));
    const isPooled = database.name !== 'sqlite';
    expect(connections.every((number) => number !== undefined)).toBe(isPooled);
    expect(connections.reduce<number>((sum, number) => sum + (number ?? 0), 0) > 0).toBe(isPooled);
    expect(seen.value('gtr_database_connections_max')).toBe(isPooled ? 20 : undefined);
  });
});

describe('access to the metrics', () => {
  const statusOf = async (url: string, authorization?: string) =>
    (await send(url, { method: 'GET', headers: authorization === undefined ? {} : { authorization } })).status;

  test('requires the token and accepts it', async () => {
    const server = await startForTest(databases[0]!, { env: { GTR_METRICS_TOKEN: TOKEN } });
    const url = `${server.url}/metrics`;
    const { status, headers } = await send(url, { method: 'GET' });
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect(await statusOf(url, `Bearer ${TOKEN}x`)).toBe(401);
    expect(await statusOf(url, basic('metrics', TOKEN))).toBe(401);
    expect(await statusOf(url, `Bearer ${TOKEN}`)).toBe(200);
  });

  test.each(['fastify', 'express'] as const)(
    'serves metrics only on their own port, and nothing else there (%s)',
    async (adapter) => {
      const port = await freePort();
      const server = await startServer(
        { ...databases[0]!, adapter },
        { env: { GTR_METRICS_PORT: String(port), GTR_HOST: '127.0.0.1' } },
      );
      const own = `http://127.0.0.1:${port}`;
      expect((await Exposition.of(`${own}/metrics`)).value('gtr_sweep_backlog')).toBe(0);
      for (const target of ['/metrics?x', '/%6detrics', `${own}/metrics`])
        expect([target, (await send(own, { method: 'GET', target })).status]).toEqual([target, 200]);
      expect([
        await statusOf(`${server.url}/metrics`),
        await statusOf(`${own}/`),
        await statusOf(`${own}/token`),
      ]).toEqual([404, 404, 404]);
      await server.stop();
      await expect(statusOf(`${own}/metrics`)).rejects.toThrow('ECONNREFUSED');
    },
  );

  const from = (remoteAddress: string) => ({ socket: { remoteAddress }, headers: {} }) as unknown as IncomingMessage;
  test.each([
    [false, '127.0.0.1', 'allowed'],
    [false, '::1', 'allowed'],
    [false, '::ffff:127.0.0.1', 'allowed'],
    [false, '192.0.2.1', 'absent'],
    [false, '2001:db8::1', 'absent'],
    [true, '127.0.0.1', 'absent'],
  ] as const)(
    'without token and port, with production %s, a request from %s gets %s',
    (production, address, access) => {
      expect(accessOnMainPort({ production }, from(address))).toBe(access);
    },
  );
});
