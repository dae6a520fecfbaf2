/** Whom a logout token is for. @publicApi */
export interface LogoutSubject {
  /** Account id of the user. */
  subject: string;
  /** Session to end. @default none: every session of the user */
  sid?: string | undefined;
}

/** How a relying party is notified. @publicApi */
export interface LogoutRecipient {
  /** `backchannel_logout_uri` of the client. */
  uri: string;
  /** `backchannel_logout_session_required` of the client. */
  needsSid: boolean;
  /**
   * Returns a new logout token: signed with the keys and the algorithm of the client's ID tokens and encrypted as they are, with
   * `typ`, `iss`, `aud`, `iat`, `exp` at most 120 seconds later, a new `jti`, `events`, and the `sub` that this client knows.
   *
   * @see OpenID.Back-Channel §2.4
   */
  logoutToken(subject: LogoutSubject): Promise<string>;
}

/** Finds the relying parties. The adapter for oidc-provider implements it; extend it for another server. @publicApi */
export abstract class RelyingParties {
  /** Returns how to notify a client; undefined if it has no `backchannel_logout_uri`. */
  abstract find(clientId: string): Promise<LogoutRecipient | undefined>;
}
