import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { ClientRegistry, RegisteredClient } from '../caller/clients/client-registry.js';
import type { DatabaseDeadline } from '../database/deadline.js';
import { orUnavailable } from './unavailable.js';

/**
 * Prefix of a registered client's `client_secret`, before its hashes. Clients in the provider's configuration have
 * none.
 */
export const HASHED = 'sha-256';

const unsupported = (): Promise<never> => Promise.reject(new Error('clients are managed outside oidc-provider'));

/** Provides oidc-provider's `Client` model from the {@link ClientRegistry}. */
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

/** oidc-provider requires a `client_secret`; it gets the hashes, which only `compareClientSecret` uses. */
function clientMetadata({ clientId, secretHashes, scope, metadata }: RegisteredClient): AdapterPayload {
  return {
    ...(secretHashes.length === 0 && { token_endpoint_auth_method: 'none' }),
    ...metadata,
    client_id: clientId,
    scope,
    ...(secretHashes.length > 0 && { client_secret: [HASHED, ...secretHashes].join(' ') }),
  };
}
