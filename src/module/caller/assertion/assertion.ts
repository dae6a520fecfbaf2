import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose';
import { RevocationError } from '../../revocation.errors.js';

/** Longest `jti` that is looked at, in characters. */
export const JTI_MAX = 255;

/** A JWT that came as a credential: read, not believed. @publicApi */
export interface Assertion {
  token: string;
  /** `typ`, in lower case and without `application/`; empty when there is none. @see RFC 7515 §4.1.9 */
  type: string;
  header: ProtectedHeaderParameters;
  claims: JWTPayload;
  /** `jti` as it was sent, for the log; undefined for what is no text. */
  sentJti: string | undefined;
  /** `jti`, when it is one. */
  jti: string | undefined;
}

/**
 * Reads a JWT without checking anything it says.
 *
 * @returns undefined for what is no JWT: an opaque token
 * @throws RevocationError `assertionMalformed` for a JOSE header with something else behind it, and for a `typ` or `kid` that is
 *   no text
 * @see RFC 7519 §7.2, RFC 7515 §4.1.4, §4.1.9
 * @publicApi
 */
export function readAssertion(token: string): Assertion | undefined {
  const header = headerOf(token);
  if (!header) return undefined;
  const claims = claimsOf(token);
  const sentJti = typeof claims.jti === 'string' ? claims.jti : undefined;
  const notText = (['typ', 'kid'] as const).find((name) => !['undefined', 'string'].includes(typeof header[name]));
  if (notText) throw new RevocationError('assertionMalformed', { details: notText, jti: sentJti });
  const type = (header.typ ?? '').toLowerCase().replace(/^application\//, '');
  const isJti = sentJti !== undefined && sentJti !== '' && sentJti.length <= JTI_MAX;
  return { token, type, header, claims, sentJti, jti: isJti ? sentJti : undefined };
}

function headerOf(token: string): ProtectedHeaderParameters | undefined {
  try {
    return token.includes('.') ? decodeProtectedHeader(token) : undefined;
  } catch {
    return undefined;
  }
}

function claimsOf(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch (cause) {
    throw new RevocationError('assertionMalformed', { cause });
  }
}
