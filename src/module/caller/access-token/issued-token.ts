/** A live access token of this authorization server. @publicApi */
export interface IssuedToken {
  /** Client it was issued to. */
  clientId: string;
  /** The token's own scope, separated by spaces. */
  scope: string;
  /** Account id of the person the token was issued for; undefined for a client's own token. */
  subject?: string;
  /**
   * Keys that the sender must prove: thumbprint of a DPoP key (`jkt`) or of a certificate (`x5t#S256`). A token with any
   * other member is rejected.
   *
   * @default not bound
   * @see RFC 7800 §3.1, RFC 9449 §6, RFC 8705 §3.1
   */
  cnf?: Readonly<Record<string, string>>;
}

/** Returns the live access token with this value, including its binding, or undefined. @publicApi */
export type AccessTokenLookup = (value: string) => Promise<IssuedToken | undefined>;
