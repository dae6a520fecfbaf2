import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { decodeJwt } from 'jose';
import { expect, inject, test, vi } from 'vitest';
import { Client } from '../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../src/module/database/digest.js';
import { Delivery } from '../../src/module/notifications/delivery.entity.js';
import { KeyServer } from '../module/caller/key-server.js';
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
  test('another server tells the relying party', async () => {
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
    const receiver = await KeyServer.start(() => reach(), '127.0.0.1', ca); // never answers

    const first = await startServer(database, { databaseUrl, dataDir, env });
    const clients = first.dataSource.getRepository(Client);
    const row = await clients.findOneByOrFail({ clientIdHash: sha256Hex(demoApp.clientId) });
    const metadata = { ...row.metadata, backchannel_logout_uri: receiver.url() };
    await clients.save(Object.assign(row, { metadata }));
    await (await RelyingParty.discover(first)).signIn(new Browser(first.url), alice);
    await first.stop();

    const port = String(await freePort());
    const own = { PORT: port, DATABASE_URL: databaseUrl, GTR_DATA_DIR: dataDir, GTR_SWEEP_INTERVAL_MS: '0' };
    const killed = await startProcess(cwd, { ...own, ...unlimited, ...env }, database.adapter);
    await revokePerson({ endpoint: `http://localhost:${port}/global-token-revocation` }, alice);
    await isReached;
    await killed.kill();

    const told: string[] = [];
    receiver.answer = (request, response) =>
      void text(request).then((body) => {
        told.push(new URLSearchParams(body).get('logout_token')!);
        response.writeHead(204).end();
      });
    const second = await startServer(database, { databaseUrl, dataDir, env });
    const deliveries = (): Promise<Delivery[]> => second.dataSource.manager.find(Delivery);
    expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    await second.dataSource.query('UPDATE gtr_delivery SET due_at = 1'); // as if the lease had ended
    await vi.waitFor(
      async () => expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 2, answer: '' }]),
      { timeout: 60_000, interval: 100 },
    );
    expect(told.map((token) => decodeJwt(token).sub)).toEqual([alice.id]);
    await second.stop();
    await receiver.stop();
    await drop();
  }, 180_000);
});
