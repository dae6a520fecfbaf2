import type { CallerRestrictions } from '../../options/caller-restrictions.options.js';
import { matchingSecret, secretId } from '../basic/client-secret.js';

/** An OAuth client as the registry knows it. @publicApi */
export interface RegisteredClient {
  /** Client identifier, as it is stored. */
  clientId: string;
  /** Whether it may do anything; a disabled client is refused everywhere, and named in the log. */
  enabled: boolean;
  /** Registered scope, names separated by spaces. @see RFC 7591 §2 */
  scope: string;
  /**
   * SHA-256 of each valid secret, lower-case hex: two while a secret is being replaced, none for a public client and for
   * one that signs. More than two are not looked at.
   */
  secretHashes: readonly string[];
  /** Whom it may name when it calls the endpoint. @default everybody */
  restrictions?: CallerRestrictions | undefined;
  /** Further client metadata: redirect URIs, keys … @see RFC 7591 §2 */
  metadata: Readonly<Record<string, unknown>>;
}

/** A client that showed its secret. @publicApi */
export interface AuthenticatedClient {
  /** The client. */
  client: RegisteredClient;
  /** Which of its secrets, as the record names it. */
  keyId: string;
}

/** A registered client that was not let in: for the log alone, whoever sent the request is not told. @publicApi */
export interface RefusedClient {
  /** Client identifier, as it is stored. */
  clientId: string;
  /** The secret was right, but the client is disabled. */
  isDisabled: boolean;
}

/**
 * Port: the registered clients. Extend it and pass it as `clientRegistry` to serve them from a table of your own. It is
 * asked on every call, within the database deadline; whatever it throws is answered 503. Do not cache: a client that you
 * disable is refused from the next request on.
 *
 * @publicApi
 */
export abstract class ClientRegistry {
  /** Returns the client of exactly this id, byte for byte, enabled or not; undefined for any other id. */
  abstract find(clientId: string): Promise<RegisteredClient | undefined>;

  /** Returns what {@link find} does if the client is enabled, else undefined. */
  async findEnabled(clientId: string): Promise<RegisteredClient | undefined> {
    const client = await this.find(clientId);
    return client?.enabled ? client : undefined;
  }

  /**
   * The enabled client whose secret this is. Unknown id and wrong secret take the same way.
   *
   * Override it when your secrets are hashed otherwise, and spend the same time on an unknown client.
   *
   * @returns who was refused, or undefined, when it is not let in
   */
  async authenticate(clientId: string, secret: string): Promise<AuthenticatedClient | RefusedClient | undefined> {
    const client = await this.find(clientId);
    const hash = matchingSecret(secret, client?.secretHashes);
    if (client?.enabled && hash) return { client, keyId: secretId(hash) };
    return client && { clientId: client.clientId, isDisabled: !client.enabled && hash !== undefined };
  }
}
