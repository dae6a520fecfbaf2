import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Answer, asOperator, send, uidBody } from '../module/endpoint/send.js';
import { dataSourceOptions, openDataSource } from '../../src/reference-op/op/data-source.js';
import { describeOwnServers, type TestDatabase } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { build, type ServerProcess, startProcess } from '../support/server-process.js';
import { unlimited } from '../support/unlimited.js';

const TIMEOUT = 1000;
/** Transactions that have changed a row, on connections that say nothing: nobody knows whether somebody is still there. */
const OPEN: Partial<Record<TestDatabase['name'], string>> = {
  mariadb: `SELECT trx.trx_mysql_thread_id AS id FROM information_schema.innodb_trx trx
    JOIN information_schema.processlist list ON list.id = trx.trx_mysql_thread_id
    WHERE trx.trx_rows_modified > 0 AND list.command = 'Sleep' AND list.db = DATABASE()`,
  postgres: `SELECT pid FROM pg_stat_activity
    WHERE state = 'idle in transaction' AND backend_xid IS NOT NULL AND datname = current_database()`,
};

describeOwnServers('a node that stands still in a transaction', (database) => {
  let gone: ServerProcess;
  let other: ServerProcess;
  const loaded = new AbortController();
  const running: Array<Promise<unknown>> = [];
  const ports: number[] = [];
  let drop: () => Promise<void>;
  let url: string;

  const revoke = (port: number, who: string): Promise<Answer> =>
    send(`http://127.0.0.1:${port}/global-token-revocation`, { headers: asOperator, body: uidBody(who) });
  const statusOf = async (who: string): Promise<number> => (await revoke(ports[1]!, who)).status;

  /** Revokes alice at the first node again and again. */
  async function load(): Promise<void> {
    while (!loaded.signal.aborted) await revoke(ports[0]!, 'alice').catch(() => sleep(50));
  }
  /** Stops the first node so that it holds the lock on alice's epoch. */
  async function vanish(): Promise<void> {
    const connection = await openDataSource(dataSourceOptions(url), 'leave');
    for (let tries = 0; ; tries += 1) {
      if (tries > 200) throw new Error('never in a transaction');
      await sleep(Math.random() * 30);
      process.kill(gone.pid, 'SIGSTOP');
      await sleep(150); // what was asked before has been answered then; InnoDB looks anew 100 ms after it was last asked
      if ((await connection.query<unknown[]>(OPEN[database.name]!)).length > 0) break;
      process.kill(gone.pid, 'SIGCONT');
    }
    await connection.destroy();
  }

  beforeAll(async () => {
    await build();
    const own = await database.create();
    ({ url, drop } = own);
    const cwd = await mkdtemp(join(inject('tempDir'), 'vanished-'));
    ports.push(await freePort(), await freePort());
    const settings = { DATABASE_URL: url, GTR_DATABASE_TIMEOUT_MS: String(TIMEOUT), GTR_SWEEP_INTERVAL_MS: '0' };
    const start = (port: number) =>
      startProcess(cwd, { ...settings, ...unlimited, PORT: String(port) }, database.adapter);
    gone = await start(ports[0]!);
    other = await start(ports[1]!);
    running.push(...Array.from({ length: 2 }, load));
  });
  afterAll(async () => {
    loaded.abort();
    await gone.kill();
    await other.stop();
    await Promise.all(running);
    await drop();
  });

  test('blocks only the user it was revoking, with 503 in time, until the database ends the transaction', async () => {
    await vanish();
    const begun = Date.now();
    const { status, headers } = await revoke(ports[1]!, 'alice');
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    expect(Date.now() - begun).toBeLessThan(TIMEOUT + 2000);
    expect(await statusOf('bob')).toBe(204);

    // The lock goes to the next of its transactions first, which ends after as long.
    await expect.poll(() => statusOf('alice'), { timeout: 20_000 }).toBe(204);
    console.log(`alice could be revoked again after ${Date.now() - begun} ms`);
    process.kill(gone.pid, 'SIGCONT');
    await expect.poll(async () => (await revoke(ports[0]!, 'alice')).status, { timeout: 20_000 }).toBe(204);
  });

  test('frees the user at once when its process ends', async () => {
    await vanish();
    expect(await statusOf('alice')).toBe(503);
    await gone.kill();
    expect(await statusOf('alice')).toBe(204);
  });
});
