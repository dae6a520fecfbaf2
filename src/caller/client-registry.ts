import type { CallerLimits } from '../caller.options.js';
import { matchingSecret, secretId } from './client-secret.js';

/** An OAuth client as the registry knows it. */
export interface RegisteredClient {
  /** Client identifier, as it is stored. */
  clientId: string;
  /** Registered scope, names separated by spaces. @see RFC 7591 §2 */
  scope: string;
  /**
   * SHA-256 of each valid secret, lower-case hex: two while a secret is being replaced, none for a public client and for
   * one that signs. More than two are not looked at.
   */
  secretHashes: readonly string[];
  /** Whom it may name when it calls the endpoint. @default everybody */
  limits?: CallerLimits | undefined;
  /** Further client metadata: redirect URIs, keys … @see RFC 7591 §2 */
  metadata: Readonly<Record<string, unknown>>;
}

/** A client that showed its secret. */
export interface AuthenticatedClient {
  /** The client. */
  client: RegisteredClient;
  /** Which of its secrets, as the record names it. */
  keyId: string;
}

/**
 * Port: the registered clients. Extend it and pass it as `clientRegistry` to serve them from a table of your own. It is
 * asked on every call, within the database deadline; whatever it throws is answered 503. Do not cache: a disabled client is
 * refused from the next request on.
 */
export abstract class ClientRegistry {
  /** The enabled client of exactly this id, byte for byte; undefined for any other. */
  abstract find(clientId: string): Promise<RegisteredClient | undefined>;

  /**
   * The enabled client whose secret this is. Unknown id and wrong secret take the same way.
   *
   * Override it when your secrets are hashed otherwise, and spend the same time on an unknown client.
   */
  async authenticate(clientId: string, secret: string): Promise<AuthenticatedClient | undefined> {
    const client = await this.find(clientId);
    const hash = matchingSecret(secret, client?.secretHashes);
    return client && hash ? { client, keyId: secretId(hash) } : undefined;
  }
}
