import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { startServer } from '../../support/server.js';
import { inKnex, notMoved } from '../../support/previous-adapter.js';
import { makeUsers } from '../users.js';
import { endAll } from './ours.js';
import type { OpenPeer } from './peer.js';
import { endingBy } from './replaced.js';

const UID = 'owner';
const [ACCESS_TOKEN, REFRESH_TOKEN, GRANT] = [2, 4, 13];
/** SQLite takes at most 500 rows in one of its statements. */
const BATCH = 150;
/** What oidc-provider ends with a grant, as far as this adapter stores it. */
const OF_A_GRANT = ['AccessToken', 'RefreshToken', 'AuthorizationCode', 'DeviceCode'];

/** The member that names the user, as an indexed column. */
const ACCOUNT: Record<string, string> = {
  sqlite: `account VARCHAR(255) AS (json_extract(payload, '$.accountId')) VIRTUAL`,
  mariadb: `account VARCHAR(255) AS (JSON_VALUE(payload, '$.accountId')) STORED`,
  postgres: `account text GENERATED ALWAYS AS (payload::json->>'accountId') STORED`,
};

/**
 * oidc-provider with the published adapter for knex, to which indexes of the user and of the grant were added. A user ends as
 * oidc-provider ends a grant, one after the other. Each sign-in has a grant with an access and a refresh token.
 */
export const knexGrants: OpenPeer = async (database) => {
  const previous = await inKnex(database);
  const { connection, adapters } = previous;
  await connection.raw(`ALTER TABLE oidc_payloads ADD COLUMN ${ACCOUNT[database.name]!}`);
  await connection.schema.alterTable('oidc_payloads', (table) => {
    table.index(['account', 'type']);
    table.index(['grantId']);
  });
  const models = OF_A_GRANT.map((model) => adapters(model)!);
  const grants = adapters('Grant')!;
  const endGrants = async (subject: string): Promise<void> => {
    const rows = await connection('oidc_payloads').where({ account: subject, type: GRANT }).select('id');
    for (const { id } of rows as Array<{ id: string }>) {
      await Promise.all(models.map((model) => model.revokeByGrantId(id)));
      await grants.destroy(id);
    }
  };
  const server = await startServer(database, { override: endingBy(endGrants, notMoved(previous)) });
  await makeUsers(server.dataSource, [UID]);
  return {
    credentials: 'tokens',
    fill: (count) => fill(connection, count / 2),
    end: () => endAll(server, UID),
    async survivors() {
      const [row] = await connection('oidc_payloads').whereNot({ type: GRANT }).count({ number: '*' });
      return Number(row!['number']);
    },
    async close() {
      await server.stop();
      await previous.close();
    },
  };
};

async function fill(connection: Knex, grants: number): Promise<void> {
  for (let at = 0; at < grants; at += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, grants - at) }, () => {
      const grantId = randomUUID();
      return [
        rowOf(GRANT, grantId),
        rowOf(ACCESS_TOKEN, randomUUID(), grantId),
        rowOf(REFRESH_TOKEN, randomUUID(), grantId),
      ];
    });
    await connection('oidc_payloads').insert(rows.flat());
  }
}

const rowOf = (type: number, id: string, grantId: string | null = null) => ({
  ...{ id, type, grantId },
  payload: JSON.stringify({
    accountId: UID,
    clientId: 'demo-app',
    grantId,
    scope: 'openid',
    iat: 0,
    pad: 'x'.repeat(300),
  }),
  expiresAt: new Date(Date.now() + 86_400_000),
});
