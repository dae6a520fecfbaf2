import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { Client } from '../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../src/module/database/digest.js';
import { Delivery } from '../../src/module/notifications/delivery.entity.js';
import { OutboxEntry } from '../../src/module/notifications/outbox-entry.entity.js';
import { Revocation } from '../../src/module/revocation/revocation.entity.js';
import { dataSourceOptions, openDataSource } from '../../src/reference-op/op/data-source.js';
import { KeyServer } from '../module/caller/key-server.js';
import { withoutTable } from '../module/endpoint/sql-log.js';
import { Browser } from '../support/browser.js';
import { authority } from '../support/certificates.js';
import { describeEachServer } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { revokePerson } from '../support/operator.js';
import { alice, demoApp } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { startServer } from '../support/server.js';
import { startProcess } from '../support/server-process.js';
import { unlimited } from '../support/unlimited.js';

describeEachServer('kill -9 between the commit and the answer of a relying party', (database) => {
  let parts: Awaited<ReturnType<typeof start>>;

  /** A server where alice is signed in at a relying party that never answers, and the way to start others beside it. */
  async function start() {
    const { url: databaseUrl, drop } = await database.create();
    const cwd = await mkdtemp(join(inject('tempDir'), 'killed-'));
    const [dataDir, caFile] = [join(cwd, 'keys'), join(cwd, 'ca.pem')];
    const ca = await authority();
    await writeFile(caFile, ca.certificate);
    const env = {
      GTR_BACKCHANNEL_LOGOUT: 'on',
      GTR_NOTIFICATION_ALLOWED_HOSTS: 'localhost',
      GTR_JWKS_CA_FILE: caFile,
    };
    let reach!: () => void;
    const isReached = new Promise<void>((resolve) => (reach = resolve));
    const receiver = await KeyServer.start(() => reach(), '127.0.0.1', ca);
    const startNext = () => startServer(database, { databaseUrl, dataDir, env });

    const first = await startNext();
    const clients = first.dataSource.getRepository(Client);
    const row = await clients.findOneByOrFail({ clientIdHash: sha256Hex(demoApp.clientId) });
    const metadata = { ...row.metadata, backchannel_logout_uri: receiver.url() };
    await clients.save(Object.assign(row, { metadata }));
    await (await RelyingParty.discover(first)).signIn(new Browser(first.url), alice);
    await first.stop();

    const port = String(await freePort());
    const own = { PORT: port, DATABASE_URL: databaseUrl, GTR_DATA_DIR: dataDir, GTR_SWEEP_INTERVAL_MS: '0' };
    const server = await startProcess(cwd, { ...own, ...unlimited, ...env }, database.adapter);
    const dataSource = await openDataSource(dataSourceOptions(databaseUrl));
    const endpoint = `http://localhost:${port}/global-token-revocation`;
    const stop = async (): Promise<void> => {
      await server.kill();
      await dataSource.destroy();
      await receiver.stop();
      await drop();
    };
    return { server, endpoint, dataSource, receiver, isReached, startNext, stop };
  }
  beforeEach(async () => {
    parts = await start();
  }, 120_000);
  afterEach(() => parts.stop());

  const deliveries = (): Promise<Delivery[]> => parts.dataSource.manager.find(Delivery);

  /** Another server starts, and the relying party answers. */
  async function expectTold(attempts: number): Promise<void> {
    const told: string[] = [];
    parts.receiver.answer = (request, response) =>
      void text(request).then((body) => {
        told.push(new URLSearchParams(body).get('logout_token')!);
        response.writeHead(204).end();
      });
    const second = await parts.startNext();
    await vi.waitFor(
      async () => expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts, answer: '' }]),
      { timeout: 60_000, interval: 100 },
    );
    expect(told.map((token) => decodeJwt(token).sub)).toEqual([alice.id]);
    await second.stop();
  }

  test('another server tells the relying party', { timeout: 120_000 }, async () => {
    await revokePerson(parts, alice);
    await parts.isReached;
    await parts.server.kill();
    expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    await parts.dataSource.query('UPDATE gtr_delivery SET due_at = 1'); // as if the lease had ended
    await expectTold(2);
  });

  test('another server tells it, if nothing was in the outbox yet', { timeout: 120_000 }, async () => {
    await withoutTable(parts.dataSource, 'gtr_outbox', async () => {
      await revokePerson(parts, alice);
      await parts.server.kill();
    });
    expect(await parts.dataSource.manager.find(Revocation)).toMatchObject([{ subject: alice.id, toNotify: 1 }]);
    expect([await parts.dataSource.manager.find(OutboxEntry), await deliveries()]).toEqual([[], []]);
    await expectTold(1);
  });
});
