import { existsSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createConnection } from 'mysql2/promise';
import { staleReads } from '../../../src/module/startup/cluster-checks.js';
import { freePort } from '../../support/free-port.js';
import { databases } from '../../support/databases.js';
import type { DatabaseServer } from '../../support/database-server.js';
import { startMariaDb } from '../../support/mariadb.js';
import { isInstalled } from '../../support/tools.js';
import { createDatabase } from '../../support/server-database.js';
import { type Host, type HostOptions, startHost } from '../host.js';

const GALERA = '/usr/lib/galera/libgalera_smm.so';
const galera = { wsrep_on: 'ON', wsrep_provider: GALERA };
const group = { group_replication_group_name: '8a94f357-aab4-11df-86ab-c80aa9429562' };

describe('a node reads what another has committed', () => {
  test.each([
    ['no cluster', {}],
    ['MariaDB without Galera', { wsrep_on: 'OFF', wsrep_provider: 'none', wsrep_sync_wait: '0' }],
    ['Percona without a provider', { wsrep_on: 'ON', wsrep_provider: 'none', wsrep_sync_wait: '0' }],
    ['Galera, waiting for reads', { ...galera, wsrep_sync_wait: '1' }],
    ['Galera, waiting for everything', { ...galera, wsrep_sync_wait: '15' }],
    ['the plugin without a group', { group_replication_group_name: '', group_replication_consistency: 'EVENTUAL' }],
    ['BEFORE', { ...group, group_replication_consistency: 'BEFORE' }],
    ['AFTER', { ...group, group_replication_consistency: 'AFTER' }],
    ['BEFORE_AND_AFTER', { ...group, group_replication_consistency: 'BEFORE_AND_AFTER' }],
    [
      'BEFORE_ON_PRIMARY_FAILOVER with one primary',
      {
        ...group,
        group_replication_consistency: 'BEFORE_ON_PRIMARY_FAILOVER',
        group_replication_single_primary_mode: 'ON',
      },
    ],
  ])('with %s', (_title, variables) => {
    expect(staleReads(variables)).toBeUndefined();
  });

  test.each([
    ['wsrep_sync_wait is 0', { ...galera, wsrep_sync_wait: '0' }],
    ['wsrep_sync_wait is 6', { ...galera, wsrep_sync_wait: '6' }],
    [
      'group_replication_consistency is EVENTUAL',
      { ...group, group_replication_consistency: 'EVENTUAL', group_replication_single_primary_mode: 'ON' },
    ],
    [
      'group_replication_consistency is BEFORE_ON_PRIMARY_FAILOVER',
      {
        ...group,
        group_replication_consistency: 'BEFORE_ON_PRIMARY_FAILOVER',
        group_replication_single_primary_mode: 'OFF',
      },
    ],
  ])('not when %s', (message, variables) => {
    expect(staleReads(variables)).toContain(message);
  });
});

const has = databases.some(({ name, available }) => name === 'mariadb' && available) && isInstalled('mariadbd');

describe.skipIf(!has || !existsSync(GALERA))('a node of a Galera cluster', () => {
  let server: DatabaseServer;
  let dataSource: HostOptions['dataSource'];
  let host: Host | undefined;
  const start = async (production: boolean): Promise<void> => {
    host = await startHost('express', { dataSource: dataSource!, options: { production } });
  };

  beforeAll(async () => {
    const listen = `gmcast.listen_addr=tcp://127.0.0.1:${await freePort()}`;
    const one = ['--wsrep-on=ON', `--wsrep-provider=${GALERA}`, '--wsrep-cluster-address=gcomm://'];
    const rows = ['--binlog-format=ROW', '--innodb-autoinc-lock-mode=2', '--wsrep-node-address=127.0.0.1'];
    server = await startMariaDb('memory', [...one, ...rows, `--wsrep-provider-options=${listen}`]);
    const url = (await createDatabase(server.url)).replace(/^mariadb:/, 'mysql:');
    dataSource = { type: 'mariadb', url };
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await host?.app.close();
    host = undefined;
  });
  afterAll(() => server?.stop());

  test('with the default settings warns, and prevents startup in production', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    await start(false);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^wsrep_sync_wait is 0, .*: set it to 1/));
    await expect(start(true)).rejects.toThrow(/wsrep_sync_wait is 0, .*: set it to 1 for the server/);
  });

  test('starts in production with wsrep_sync_wait = 1', async () => {
    const connection = await createConnection(server.url.replace(/^mariadb:/, 'mysql:'));
    await connection.query('SET GLOBAL wsrep_sync_wait = 1');
    await connection.end();
    await start(true);
  });
});
