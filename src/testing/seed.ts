import type { DataSource } from 'typeorm';
import { Client, inTransaction, SubjectEpoch } from 'nestjs-global-revocation';
import { hashPassword, OpUser } from 'nestjs-global-revocation-reference-op/op';
import { sha256Hex } from 'nestjs-global-revocation/administration';
import type { Actors } from './actors.js';
import type { StartedClient, StartedUser } from './options.js';

/** Returns a function that replaces the contents of the database by users and clients. */
export async function prepareSeed({ users, clients, operator }: Actors): Promise<(into: DataSource) => Promise<void>> {
  const userRows = await Promise.all(users.map(userRow));
  const clientRows = [...clients, operator].map(clientRow);
  return (dataSource) =>
    inTransaction(dataSource, async (manager) => {
      // Epochs remain, because they must never fall. Without records, nothing is live.
      const emptied = dataSource.entityMetadatas.filter(({ target }) => target !== SubjectEpoch);
      for (const { target } of emptied) await manager.createQueryBuilder().delete().from(target).execute();
      await manager.insert(OpUser, userRows);
      await manager.insert(Client, clientRows as never);
    });
}

/** Marked as demo data, which production rejects. */
const userRow = async ({ password, ...user }: StartedUser): Promise<OpUser> => ({
  ...user,
  passwordHash: await hashPassword(password),
  demo: 1,
});

const clientRow = ({ client_id, client_secret, scope, ...metadata }: StartedClient): Client => ({
  clientId: client_id,
  clientIdHash: sha256Hex(client_id),
  secretHash: client_secret === undefined ? null : sha256Hex(client_secret),
  scope,
  enabled: 1,
  demo: 1,
  metadata,
  previousSecretHash: null,
  previousSecretExpiresAt: null,
  restrictions: null,
});
