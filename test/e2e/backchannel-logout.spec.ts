import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { Client } from '../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../src/module/database/digest.js';
import { Delivery } from '../../src/module/notifications/delivery.entity.js';
import { Sweeper } from '../../src/module/revocation/sweep/sweeper.js';
import { ctl } from '../cli/ctl.js';
import { authority, type Certificate } from '../support/certificates.js';
import { Browser, formTo } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { LogoutReceiver } from '../support/logout-receiver.js';
import { revokePerson } from '../support/operator.js';
import { alice, bob, demoApp, demoDevice, type Person } from '../support/people.js';
import { Device, oauthError, RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';

const PATIENT = { timeout: 50_000, interval: 50 };
/** A second application, whose ID tokens have `sid`. */
const WITH_SID = { clientId: 'with-sid', secret: demoApp.secret };

describeEachServer('back-channel logout', (database) => {
  let ca: Certificate;
  let shop: { app: RelyingParty; receiver: LogoutReceiver };
  let forum: { app: RelyingParty; receiver: LogoutReceiver };

  const server = serverFixture(database, async () => {
    ca = await authority();
    const file = join(await mkdtemp(join(inject('tempDir'), 'ca-')), 'ca.pem');
    await writeFile(file, ca.certificate);
    const env = {
      GTR_BACKCHANNEL_LOGOUT: 'on',
      GTR_NOTIFICATION_ALLOWED_HOSTS: 'localhost',
      GTR_JWKS_CA_FILE: file,
    };
    return { env };
  });
  beforeEach(async () => {
    shop = await party(demoApp);
    forum = await party(WITH_SID, { backchannel_logout_session_required: true });
    await server.dataSource.query('DELETE FROM gtr_participant');
    await server.dataSource.query('DELETE FROM gtr_delivery');
  });
  afterEach(async () => {
    await Promise.all([shop.receiver.stop(), forum.receiver.stop()]);
    const problems = [...shop.receiver.problems, ...forum.receiver.problems];
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });

  /** Registers an application, or changes it. */
  async function party(client: { clientId: string; secret: string }, more = {}) {
    const receiver = await LogoutReceiver.start(server, client.clientId, ca);
    await register(client.clientId, { backchannel_logout_uri: receiver.uri, ...more });
    return { app: await RelyingParty.discover(server, client), receiver };
  }

  async function register(clientId: string, metadata: object, like: string = demoApp.clientId): Promise<void> {
    const clients = server.dataSource.getRepository(Client);
    const row = await clients.findOneByOrFail({ clientIdHash: sha256Hex(like) });
    const own = { clientId, clientIdHash: sha256Hex(clientId), metadata: { ...row.metadata, ...metadata } };
    await clients.save(Object.assign(row, own));
  }

  /** Somebody signs in at an application, which begins a session. */
  async function signIn({ app, receiver }: typeof shop, person: Person, browser = new Browser(server.url)) {
    const tokens = await app.signIn(browser, person);
    const { sid = `session ${receiver.sessions.size}`, sub } = tokens.claims()! as { sid?: string; sub: string };
    receiver.sessions.set(sid, sub);
    return { tokens, sid };
  }

  const users = ({ receiver }: typeof shop): string[] => [...receiver.sessions.values()];
  const until = (check: () => Promise<void> | void): Promise<void> => vi.waitFor(check, PATIENT);
  const deliveries = () => server.dataSource.manager.find(Delivery, { order: { recipient: 'ASC' } });

  /** Waits until every delivery has failed once, then lets it be repeated. */
  async function repeat(): Promise<void> {
    await until(async () => {
      const rows = await deliveries();
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toMatchObject({ attempts: 1, claimedBy: null, state: 'waiting' });
    });
    return server.dataSource.query('UPDATE gtr_delivery SET due_at = 1 WHERE due_at IS NOT NULL');
  }

  test('is announced in the metadata', async () => {
    const response = await fetch(`${server.url}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    });
  });

  test('a revocation ends the sessions at all applications of the user, and no others', async () => {
    const browser = new Browser(server.url);
    await signIn(shop, alice, browser);
    await signIn(forum, alice, browser);
    await signIn(shop, bob);
    await signIn(forum, bob);
    await revokePerson(server, alice);
    await until(() => expect([users(shop), users(forum)]).toEqual([[bob.id], [bob.id]]));
    await until(async () =>
      expect(await deliveries()).toMatchObject([
        { recipient: demoApp.clientId, state: 'delivered' },
        { recipient: WITH_SID.clientId, state: 'delivered' },
      ]),
    );
    expect(shop.receiver.tokens).toMatchObject([{ sub: alice.id }]);
    expect(shop.receiver.tokens[0]).not.toHaveProperty('sid');
    expect(forum.receiver.tokens).toMatchObject([{ sub: alice.id, sid: expect.any(String) }]);
  });

  test.each([
    ['a user', ['--format', 'uid', '--id', 'alice'], [bob.id]],
    ['everybody', ['--everybody', '--yes'], []],
  ])('a revocation of %s by the command line is told by the server', async (_whom, options, left) => {
    for (const person of [alice, bob]) await signIn(forum, person);
    const env = { DATABASE_URL: server.databaseUrl, ISSUER: server.url, GTR_BACKCHANNEL_LOGOUT: 'on' };
    const { code, err } = await ctl(['revoke', ...options], env);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    await until(() => expect(users(forum)).toEqual(left));
  });

  test('a late repetition ends no session that began after the revocation, even if the old ones were swept', async () => {
    await signIn(forum, alice);
    forum.receiver.status = 503;
    await revokePerson(server, alice);
    await server.app.get(Sweeper).sweep(0);
    const { tokens, sid } = await signIn(forum, alice);
    forum.receiver.status = undefined;
    await repeat();
    await until(() => expect([...forum.receiver.sessions.keys()]).toEqual([sid]));
    expect((await forum.app.introspect(tokens.access_token)).active).toBe(true);
  });

  test('a connected device is an application like others', async () => {
    await register(demoDevice.clientId, { backchannel_logout_uri: shop.receiver.uri }, demoDevice.clientId);
    const device = await Device.discover(server);
    const started = await device.start();
    await device.approve(new Browser(server.url), started, alice);
    const { refresh_token: token } = await device.poll(started);
    shop.receiver.status = 200;
    await revokePerson(server, alice);
    await until(async () =>
      expect(await deliveries()).toMatchObject([{ recipient: demoDevice.clientId, state: 'delivered' }]),
    );
    expect(await oauthError(device.refresh(token!))).toBe('invalid_grant');
  });

  test('a sign-out at the provider ends the sessions too', async () => {
    const browser = new Browser(server.url);
    await signIn(forum, alice, browser);
    await signIn(forum, bob);
    const page = await browser.open('/session/end');
    await browser.submit(page, formTo(page, '/session/end/confirm'), { logout: 'yes' });
    await until(() => expect(users(forum)).toEqual([bob.id]));
    expect(await deliveries()).toEqual([]);
  });
});
