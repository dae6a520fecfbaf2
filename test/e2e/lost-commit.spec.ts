import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Revocation } from '../../src/module/revocation/revocation.entity.js';
import { asOperator, send, uidBody } from '../module/endpoint/send.js';
import { TcpProxy } from '../module/endpoint/tcp-proxy.js';
import { databases } from '../support/databases.js';
import { startServer, type TestServer } from '../support/server.js';

const database = databases[1]!;

describe.skipIf(!database.available)('the connection to MariaDB breaks around COMMITs', () => {
  let proxy: TcpProxy;
  let server: TestServer;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const own = await database.create();
    drop = own.drop;
    const url = new URL(own.url);
    proxy = new TcpProxy(Number(url.port));
    url.port = String(await proxy.open());
    server = await startServer(database, { databaseUrl: url.href });
  });
  afterAll(async () => {
    await server.stop();
    await proxy.close();
    await drop();
  });

  const revoke = async () => (await send(server.endpoint, { headers: asOperator, body: uidBody('alice') })).status;
  const records = () => server.dataSource.manager.find(Revocation, { order: { epochAfter: 'ASC' } });

  test.each(['after', 'before'] as const)(
    'a connection lost %s one COMMIT gives 204, one raise and one record',
    async (when) => {
      await revoke();
      const earlier = await records();
      const broken = [when];
      proxy.breakCommit = () => broken.pop();
      expect(await revoke()).toBe(204);

      expect(broken).toEqual([]);
      const [made, ...more] = (await records()).slice(earlier.length);
      expect(more).toEqual([]);
      expect(made!.epochBefore).toBe(earlier.at(-1)!.epochAfter);
    },
  );

  test('connections lost around half of 60 COMMITs give one record and one raise per 204', async () => {
    const earlier = (await records()).length;
    let commits = 0;
    proxy.breakCommit = () => (['after', undefined, 'before', undefined] as const)[commits++ % 4];
    const answers: number[] = [];
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        for (let i = 0; i < 10; i += 1) answers.push(await revoke());
      }),
    );
    proxy.breakCommit = () => undefined;

    expect(answers).toEqual(Array.from({ length: 60 }, () => 204));
    const made = (await records()).slice(earlier - 1);
    expect(made).toHaveLength(61);
    made.slice(1).forEach((record, i) => expect(record.epochBefore).toBe(made[i]!.epochAfter));
    expect(commits).toBeGreaterThan(10); // up to 6 requests share a COMMIT
  });
});
