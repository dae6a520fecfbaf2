import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { ClientRegistry, RegisteredClient } from '../caller/clients/client-registry.js';
import type { DatabaseDeadline } from '../database/deadline.js';
import { orUnavailable } from './unavailable.js';

/** Begins the `client_secret` of a registered client: what follows are hashes. Clients of a host's configuration have none. */
export const HASHED = 'sha-256';

const unsupported = (): Promise<never> => Promise.reject(new Error('clients are managed outside of oidc-provider'));

/** Serves oidc-provider's `Client` model from the registered clients. */
export class ClientAdapter implements Adapter {
  constructor(
    private readonly clients: ClientRegistry,
    private readonly deadline: DatabaseDeadline,
  ) {}

  async find(id: string): Promise<AdapterPayload | undefined> {
    const client = await orUnavailable(this.deadline.run(() => this.clients.findEnabled(id)));
    return client && clientMetadata(client);
  }

  upsert = unsupported;
  findByUid = unsupported;
  findByUserCode = unsupported;
  consume = unsupported;
  destroy = unsupported;
  revokeByGrantId = unsupported;
}

/** oidc-provider demands a `client_secret`; it is given the hashes, which only `compareClientSecret` may look at. */
function clientMetadata({ clientId, secretHashes, scope, metadata }: RegisteredClient): AdapterPayload {
  return {
    ...(secretHashes.length === 0 && { token_endpoint_auth_method: 'none' }),
    ...metadata,
    client_id: clientId,
    scope,
    ...(secretHashes.length > 0 && { client_secret: [HASHED, ...secretHashes].join(' ') }),
  };
}
