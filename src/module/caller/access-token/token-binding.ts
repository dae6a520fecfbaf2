import { isSameSecret } from '../../database/digest.js';
import { RevocationError } from '../../revocation.errors.js';
import type { IssuedToken } from './issued-token.js';

/** Keys that a request has proved, by their `cnf` member. */
export interface Shown {
  jkt?: string | undefined;
  'x5t#S256'?: string | undefined;
}

/**
 * Rejects an access token unless the request proves everything in its `cnf`, and rejects a DPoP key that is not in it.
 *
 * @throws RevocationError `keyOfAnotherToken`, `boundToken`
 * @see RFC 9449 §7.1, §7.2, RFC 8705 §3
 */
export function checkBinding({ cnf = {} }: IssuedToken, shown: Shown): void {
  if (shown.jkt !== undefined && !isSame(cnf['jkt'], shown.jkt)) throw new RevocationError('keyOfAnotherToken');
  for (const [name, bound] of Object.entries(cnf)) {
    if (!isSame(bound, shown[name as keyof Shown])) throw new RevocationError('boundToken', { details: name });
  }
}

const isSame = (bound: string | undefined, shown: string | undefined): boolean =>
  bound !== undefined && shown !== undefined && isSameSecret(bound, shown);
