import { sha256Hex } from '../database/digest.js';

/** The session at an upstream identity provider in which a user signed in. @see OpenID.Back-Channel §2.4 @publicApi */
export interface UpstreamSession {
  /** `iss` of the ID token. */
  issuer: string;
  /** `sid` of the ID token. */
  sid: string;
}

/** Returns the key of a session. Two issuers may use the same `sid`. @throws TypeError if a part is missing */
export function upstreamKey({ issuer, sid }: UpstreamSession): string {
  for (const [name, value] of Object.entries({ issuer, sid })) {
    if (typeof value !== 'string' || value === '')
      throw new TypeError(`${name} of the upstream session must be a non-empty string, as in the ID token`);
  }
  return sha256Hex(JSON.stringify([issuer, sid]));
}

/** SQL: returns a row if the upstream session has ended for a user. @param upstream key of the session @param subject key of the user */
export const endedSession = (upstream: string, subject: string): string =>
  `SELECT 1 AS one FROM gtr_ended_session s WHERE s.upstream_hash = ${upstream} AND s.subject_hash IN ('', ${subject})`;

/** SQL: whether the upstream session of a credential has not ended. @param row table or alias with both columns */
export const isNotLoggedOut = (row: string): string =>
  `NOT EXISTS (${endedSession(`${row}.upstream_hash`, `${row}.subject_hash`)})`;
