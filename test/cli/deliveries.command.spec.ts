import { beforeAll, expect, test, vi } from 'vitest';
import { Client } from '../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../src/module/database/digest.js';
import { Exposition } from '../module/metrics/exposition.js';
import { Browser } from '../support/browser.js';
import { describeEachDatabase } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice, bob, demoApp } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';
import { ctl, ctlJson } from './ctl.js';

const PATIENT = { timeout: 50_000, interval: 50 };
const FINAL = 'the address is not public';

describeEachDatabase('ctl deliveries, while a server runs', (database) => {
  const server = serverFixture(database, { env: { GTR_BACKCHANNEL_LOGOUT: 'on' } });
  beforeAll(async () => {
    const clients = server.dataSource.getRepository(Client);
    const row = await clients.findOneByOrFail({ clientIdHash: sha256Hex(demoApp.clientId) });
    const uri = server.url.replace('http://127.0.0.1', 'https://localhost'); // only the issuer's own host is allowed
    await clients.save(Object.assign(row, { metadata: { ...row.metadata, backchannel_logout_uri: uri } }));
    await (await RelyingParty.discover(server)).signIn(new Browser(server.url), alice);
    await revokePerson(server, alice);
    await untilDead(1);
  });

  const env = () => ({
    ...{ DATABASE_URL: server.databaseUrl, ISSUER: server.url, GTR_DATA_DIR: server.dataDir },
    GTR_BACKCHANNEL_LOGOUT: 'on',
  });
  const ask = <T>(...args: string[]): Promise<T> => ctlJson<T>(['deliveries', ...args], env());
  const doctor = async (): Promise<unknown> => {
    const { out } = await ctl(['doctor', '--json'], env());
    const { checks } = JSON.parse(out) as { checks: Array<{ check: string }> };
    return checks.find(({ check }) => check === 'deliveries');
  };
  const metric = async (name: string): Promise<number | undefined> =>
    (await Exposition.of(`${server.url}/metrics`)).value(name);
  const outcome = (name: string): Promise<number | undefined> =>
    metric(`gtr_notification_attempts_total{sink="backchannel-logout",outcome="${name}"}`);
  const untilDead = (attempts: number): Promise<void> =>
    vi.waitFor(async () => {
      expect(await outcome('dead')).toBe(attempts);
      expect(await ask('list', '--state', 'dead')).toHaveLength(1);
    }, PATIENT);
  const given = { sink: 'backchannel-logout', recipient: demoApp.clientId, subject: alice.id };

  test('list shows who was told, and narrows that by state and recipient', async () => {
    expect(await ask('list')).toMatchObject([{ ...given, state: 'dead', attempts: 1, answer: FINAL, dueAt: null }]);
    expect(await ask('list', '--state', 'delivered')).toEqual([]);
    expect(await ask('list', '--recipient', 'nobody')).toEqual([]);
    const { out } = await ctl(['deliveries', 'list'], env());
    expect(out).toMatch(/^TIME +RECIPIENT +STATE +ATTEMPTS +RECORD +ANSWER\n/);
    expect(out).toContain(FINAL);
    expect((await ctl(['deliveries', 'list', '--state', 'lost'], env())).code).toBe(2);
  });

  test('revocations show says who was told about this one, and what they answered', async () => {
    const [delivery] = await ask<Array<{ revocation: string }>>('list');
    const { revocation } = delivery!;
    const shown = await ctlJson(['revocations', 'show', revocation], env());
    expect(shown).toMatchObject({ id: revocation, deliveries: [delivery] });
    const { out } = await ctl(['revocations', 'show', revocation], env());
    expect(out).toMatch(new RegExp(`^TOLD .*\\n${demoApp.clientId} +dead +1 +\\S+Z +${FINAL}`, 'm'));
    await revokePerson(server, bob);
    const [youngest] = await ctlJson<Array<{ id: string }>>(['revocations', 'list'], env());
    expect(await ctlJson(['revocations', 'show', youngest!.id], env())).toMatchObject({ deliveries: [] });
  });

  test('doctor and metrics show who was given up', async () => {
    expect(await doctor()).toMatchObject({ ok: false, message: expect.stringContaining('demo-app (1 notification)') });
    expect(await outcome('delivered')).toBe(0);
    expect(await metric('gtr_notification_oldest_age_seconds')).toBe(0);
  });

  test('retry sends again', async () => {
    expect(await ask('retry', demoApp.clientId)).toEqual({ recipient: demoApp.clientId, notifications: 1 });
    await untilDead(2);
    expect(await ask('drop', demoApp.clientId)).toMatchObject({ notifications: 0 });
    const changes = await ctlJson(['changes', 'list'], env());
    const change = { action: 'deliveries.retry', target: demoApp.clientId, after: '1 notification' };
    expect(changes).toContainEqual(expect.objectContaining(change));
  });

  test.each(['retry', 'drop'])('%s refuses a recipient without any notifications', async (action) => {
    const { code, err } = await ctl(['deliveries', action, 'shpo'], env());
    expect(code).toBe(3);
    expect(err).toContain("there are no notifications to 'shpo'; see `deliveries list` for the names of recipients");
  });

  test('drop gives up what waits', async () => {
    const waiting = `UPDATE gtr_delivery SET state = 'waiting', finished_at = NULL, due_at = ${Date.now() + 3_600_000}`;
    await server.dataSource.query(waiting);
    expect(await metric('gtr_notification_oldest_age_seconds')).toBeGreaterThan(0);
    expect(await ask('drop', demoApp.clientId)).toEqual({ recipient: demoApp.clientId, notifications: 1 });
    expect(await ask('list')).toMatchObject([{ ...given, state: 'dead', answer: 'dropped' }]);
    expect(await doctor()).toMatchObject({ ok: true });
    expect(await outcome('dead')).toBe(2);
  });
});
