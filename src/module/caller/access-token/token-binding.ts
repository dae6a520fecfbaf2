import { createHash, type X509Certificate } from 'node:crypto';
import { isSameSecret } from '../../database/digest.js';
import { RevocationError } from '../../revocation.errors.js';
import type { IssuedToken } from './issued-token.js';

/** Keys that a request has proved, by their `cnf` member. */
export interface Shown {
  jkt?: string | undefined;
  'x5t#S256'?: string | undefined;
}

/**
 * Returns the SHA-256 thumbprint of the client certificate in base64url; undefined if the token needs none, or there is none.
 *
 * @param read returns the certificate
 * @throws RevocationError `boundToken` if it cannot be read
 * @see RFC 8705 §3.1
 */
export function certificateThumbprint(
  { cnf }: Pick<IssuedToken, 'cnf'>,
  read: () => X509Certificate | undefined,
): string | undefined {
  if (cnf?.['x5t#S256'] === undefined) return undefined;
  try {
    const certificate = read();
    return certificate && createHash('sha256').update(certificate.raw).digest('base64url');
  } catch (cause) {
    throw new RevocationError('boundToken', { cause });
  }
}

/**
 * Rejects an access token unless the request proves everything in its `cnf`, and rejects a DPoP key that is not in it.
 *
 * @throws RevocationError `keyOfAnotherToken`, `boundToken`
 * @see RFC 9449 §7.1, §7.2, RFC 8705 §3
 */
export function checkBinding({ cnf = {} }: Pick<IssuedToken, 'cnf'>, shown: Shown): void {
  if (shown.jkt !== undefined && !isSame(cnf['jkt'], shown.jkt)) throw new RevocationError('keyOfAnotherToken');
  for (const [name, bound] of Object.entries(cnf)) {
    if (!isSame(bound, shown[name as keyof Shown])) throw new RevocationError('boundToken', { details: name });
  }
}

const isSame = (bound: string | undefined, shown: string | undefined): boolean =>
  bound !== undefined && shown !== undefined && isSameSecret(bound, shown);
