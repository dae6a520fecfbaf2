import { RevocationError } from '../../revocation.errors.js';

interface PresentedToken {
  value: string;
  /** Whether a DPoP proof must come with it. */
  isDpop: boolean;
}

/**
 * Reads the header `Authorization`.
 *
 * @throws RevocationError `invalidToken`
 * @see RFC 6750 §2.1, RFC 9449 §7.1
 */
export function presentedToken(authorization: string): PresentedToken {
  const [, scheme, value] = /^(Bearer|DPoP) +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization) ?? [];
  if (!scheme || !value) throw new RevocationError('invalidToken');
  return { value, isDpop: scheme.toLowerCase() === 'dpop' };
}
