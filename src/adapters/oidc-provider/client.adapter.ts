import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Client } from '../../caller/client.entity.js';
import type { ClientRegistry } from '../../caller/client-registry.js';
import { orUnavailable } from './unavailable.js';

const unsupported = (): Promise<never> => Promise.reject(new Error('clients are managed outside of oidc-provider'));

/** Serves oidc-provider's `Client` model from the registered clients. */
export class ClientAdapter implements Adapter {
  constructor(private readonly clients: ClientRegistry) {}

  async find(id: string): Promise<AdapterPayload | undefined> {
    const client = await orUnavailable(this.clients.find(id));
    return client && clientMetadata(client);
  }

  upsert = unsupported;
  findByUid = unsupported;
  findByUserCode = unsupported;
  consume = unsupported;
  destroy = unsupported;
  revokeByGrantId = unsupported;
}

/** oidc-provider demands a `client_secret`; it is given the hash, which only `compareClientSecret` may look at. */
function clientMetadata({ clientId, secretHash, scope, metadata }: Client): AdapterPayload {
  return {
    ...metadata,
    client_id: clientId,
    scope,
    ...(secretHash === null ? { token_endpoint_auth_method: 'none' } : { client_secret: secretHash }),
  };
}
