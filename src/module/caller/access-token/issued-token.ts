/** A live access token of this authorization server. @publicApi */
export interface IssuedToken {
  /** Client it was issued to. */
  clientId: string;
  /** The token's own scope, names separated by spaces. */
  scope: string;
  /** Account id of the person it was issued for; a client's own token has none. */
  subject?: string;
  /**
   * What whoever uses it has to show: the thumbprint of a key (`jkt`) or of a certificate (`x5t#S256`). A token bound in any
   * other way is refused.
   *
   * @default not bound
   * @see RFC 7800 §3.1, RFC 9449 §6, RFC 8705 §3.1
   */
  cnf?: Readonly<Record<string, string>>;
}

/** Finds a live access token by its value, with all that it is bound to. @publicApi */
export type AccessTokenLookup = (value: string) => Promise<IssuedToken | undefined>;
