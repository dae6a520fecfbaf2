import { RevocationError } from '../../revocation.errors.js';

/**
 * Reads the access token in the header `Authorization`.
 *
 * @returns its value, and whether a DPoP proof must come with it
 * @throws RevocationError `invalidToken`
 * @see RFC 6750 §2.1, RFC 9449 §7.1
 */
export function presentedToken(authorization: string): { value: string; isDpop: boolean } {
  const [, scheme, value] = /^(Bearer|DPoP) +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization) ?? [];
  if (!scheme || !value) throw new RevocationError('invalidToken');
  return { value, isDpop: scheme.toLowerCase() === 'dpop' };
}
