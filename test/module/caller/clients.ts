import { Client } from '../../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { GLOBAL_REVOCATION_SCOPE } from '../../../src/module/options/global-revocation.options.js';
import type { TestServer } from '../../support/server.js';

/** Registers a client that may revoke. */
export async function register(
  { dataSource }: TestServer,
  clientId: string,
  secret: string | null,
  more: Partial<Client> = {},
): Promise<void> {
  await dataSource.getRepository(Client).insert({
    clientId,
    clientIdHash: sha256Hex(clientId),
    secretHash: secret === null ? null : sha256Hex(secret),
    scope: GLOBAL_REVOCATION_SCOPE,
    enabled: 1,
    demo: 0,
    metadata: {},
    ...more,
  } as never);
}
