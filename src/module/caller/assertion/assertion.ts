import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose';
import { RevocationError } from '../../revocation.errors.js';

/** Longest accepted `jti`, in characters. */
export const JTI_MAX = 255;

export const isJti = (jti: unknown): jti is string => typeof jti === 'string' && jti !== '' && jti.length <= JTI_MAX;

/** A decoded, unverified JWT. @publicApi */
export interface Assertion {
  token: string;
  /** `typ` in lower case and without `application/`; empty if absent. @see RFC 7515 §4.1.9 */
  type: string;
  header: ProtectedHeaderParameters;
  claims: JWTPayload;
  /** `jti` as it was sent, for the log; undefined if it is not a string. */
  sentJti: string | undefined;
  /** `jti` if it is valid. */
  jti: string | undefined;
}

/**
 * Decodes a JWT without verifying it. Returns undefined for an opaque token.
 *
 * @throws RevocationError `assertionMalformed` if a JOSE header is not followed by claims, or `typ` or `kid` is not a string
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
  return { token, type, header, claims, sentJti, jti: isJti(sentJti) ? sentJti : undefined };
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
