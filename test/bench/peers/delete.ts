import { randomUUID } from 'node:crypto';
import { onPrimary } from '../../../src/module/database/primary.js';
import { run } from '../../../src/module/database/statement.js';
import { startServer } from '../../support/server.js';
import { benchUser, makeUsers } from '../users.js';
import { endAll } from './ours.js';
import type { OpenPeer } from './peer.js';
import { endingBy, insertRows } from './replaced.js';

const UID = 'owner';
/** About what a token of oidc-provider takes. */
const PAYLOAD = 'x'.repeat(500);

/** One indexed DELETE, behind the same HTTP stack. */
export const indexedDelete: OpenPeer = async (database) => {
  const server = await startServer(database, {
    override: endingBy((subject) =>
      onPrimary(server.dataSource, (manager) => run(manager, 'DELETE FROM bench_token WHERE user_id = ?', [subject])),
    ),
  });
  const { dataSource } = server;
  await makeUsers(dataSource, [UID]);
  await dataSource.query(
    'CREATE TABLE bench_token (id VARCHAR(36) PRIMARY KEY, user_id VARCHAR(255), payload VARCHAR(600))',
  );
  await dataSource.query('CREATE INDEX bench_token_user ON bench_token (user_id)');
  const { id } = benchUser(UID);
  return {
    credentials: 'tokens',
    fill: (count) =>
      insertRows(
        dataSource,
        'bench_token',
        Array.from({ length: count }, () => [randomUUID(), id, PAYLOAD]),
      ),
    end: () => endAll(server, UID),
    async survivors() {
      const [row] = (await dataSource.query('SELECT COUNT(*) AS number FROM bench_token')) as [
        { number: number | string },
      ];
      return Number(row.number);
    },
    close: () => server.stop(),
  };
};
