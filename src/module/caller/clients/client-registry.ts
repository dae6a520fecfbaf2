import type { CallerRestrictions } from '../../options/caller-restrictions.options.js';
import { matchingSecret, secretId } from '../basic/client-secret.js';

/** An OAuth client as the registry knows it. @publicApi */
export interface RegisteredClient {
  /** Client identifier, as stored. */
  clientId: string;
  /** False for a disabled client: it is rejected everywhere and named in the log. */
  enabled: boolean;
  /** Registered scope, names separated by spaces. @see RFC 7591 §2 */
  scope: string;
  /**
   * SHA-256 of each valid secret, lower-case hex: two during a rotation, none for a public client or one that signs. At most
   * two are compared.
   */
  secretHashes: readonly string[];
  /** Users and formats that the client may name at the endpoint. @default no restriction */
  restrictions?: CallerRestrictions | undefined;
  /** Further client metadata: redirect URIs, keys … @see RFC 7591 §2 */
  metadata: Readonly<Record<string, unknown>>;
}

/** A client that presented a valid secret. @publicApi */
export interface AuthenticatedClient {
  /** The client. */
  client: RegisteredClient;
  /** Identifies the secret in records. */
  keyId: string;
}

/** A registered client that was rejected. For the log only; the caller does not learn it. @publicApi */
export interface RefusedClient {
  /** Client identifier, as stored. */
  clientId: string;
  /** The secret was right, but the client is disabled. */
  isDisabled: boolean;
}

/**
 * Port: the registered clients. To use your own table, extend this class and pass it as `clientRegistry`. It is called for
 * every request, within the database deadline; if it throws, the answer is 503. Do not cache, so that disabling a client
 * takes effect with the next request.
 *
 * @publicApi
 */
export abstract class ClientRegistry {
  /** Returns the client with exactly this id (bytewise), enabled or not, or undefined. */
  abstract find(clientId: string): Promise<RegisteredClient | undefined>;

  /** Returns the client if it is enabled, otherwise undefined. */
  async findEnabled(clientId: string): Promise<RegisteredClient | undefined> {
    const client = await this.find(clientId);
    return client?.enabled ? client : undefined;
  }

  /**
   * Returns the enabled client with this secret. Override it if you hash secrets differently; take equally long for an
   * unknown client.
   *
   * @returns the rejected client if it is registered but not accepted; undefined if it is unknown
   */
  async authenticate(clientId: string, secret: string): Promise<AuthenticatedClient | RefusedClient | undefined> {
    const client = await this.find(clientId);
    const hash = matchingSecret(secret, client?.secretHashes);
    if (client?.enabled && hash) return { client, keyId: secretId(hash) };
    return client && { clientId: client.clientId, isDisabled: !client.enabled && hash !== undefined };
  }
}
