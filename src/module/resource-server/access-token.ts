/** A valid access token of a request. @publicApi */
export interface AccessToken {
  /** Client that it was issued to. */
  clientId: string;
  /** Account id of the person that it was issued for; undefined for a client's own token. */
  subject?: string;
  scopes: ReadonlySet<string>;
  /** All claims, or members of the introspection answer. */
  claims: Readonly<Record<string, unknown>>;
}

const tokens = new WeakMap<object, AccessToken>();

/** Remembers the token of a connection, such as a WebSocket, for {@link accessTokenOf}. @publicApi */
export const setAccessToken = (holder: object, token: AccessToken): void => void tokens.set(holder, token);

/**
 * Returns the access token that was verified for a request (also for that of Express or Fastify) or a connection.
 *
 * @publicApi
 */
export const accessTokenOf = (holder: object): AccessToken | undefined =>
  tokens.get(holder) ?? tokens.get((holder as { raw?: object }).raw ?? holder);
