/** Pattern of the message on the bus. */
export const USER_REVOKED = 'user.revoked';

/** The message. */
export interface UserRevoked {
  /** Id of the revocation: equal in all repetitions of the message. */
  id: string;
  /** Account id of the user. */
  user: string;
  /** UTC epoch milliseconds: sessions that began later are new ones. */
  at: number;
}
