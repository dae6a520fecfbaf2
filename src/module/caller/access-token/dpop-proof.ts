import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, errors, type JWTPayload, jwtVerify } from 'jose';
import { type RefusalReason, RevocationError } from '../../revocation.errors.js';
import { normalizePercentEncoding } from '../../subject/formats/uri-syntax.js';
import { isJti } from '../assertion/assertion.js';

/** Accepted signature algorithms of DPoP proofs. @see RFC 9449 §4.3, §11.6 @publicApi */
export const DPOP_ALGORITHMS: readonly string[] = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'];

/** Largest accepted difference between `iat` and now, in seconds, in either direction. @see RFC 9449 §11.1 */
const WINDOW_SECONDS = 60;

/** Longest accepted proof, in characters. */
const LENGTH_MAX = 4096;

/** The request that a proof must match. */
interface ProvenRequest {
  method: string;
  /** Published URL of the endpoint. */
  url: string;
  accessToken: string;
}

/** A verified proof: the sender of the request has this key. */
export interface DpopProof {
  /** SHA-256 of the key, base64url. @see RFC 7638 §3 */
  thumbprint: string;
  jti: string;
  /** Time until which the proof is accepted, UTC epoch milliseconds. */
  expiresAt: number;
}

/** jose's error code → refusal; any other code means `dpopProofMalformed`. */
const REASONS: Readonly<Record<string, RefusalReason>> = {
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'dpopProofSignature',
  ERR_JWT_EXPIRED: 'dpopProofTime',
};

/**
 * Checks a proof completely, except for replay.
 *
 * @param proofs values of all `DPoP` headers
 * @throws RevocationError `dpopProof…` of the first check that fails
 * @see RFC 9449 §4.3
 */
export async function checkDpopProof(proofs: readonly string[], request: ProvenRequest): Promise<DpopProof> {
  const [proof, ...more] = proofs;
  if (proof === undefined || more.length > 0) throw new RevocationError('dpopProofMissing');
  if (proof.length > LENGTH_MAX) throw new RevocationError('dpopProofMalformed', { details: 'length' });
  const { payload, thumbprint } = await verify(proof);
  return { thumbprint, ...checkClaims(payload, request) };
}

/** Most characters of an RSA key in base64url: a modulus of 4096 bits, an exponent of 32. The sender chooses both. */
const RSA_MAX = { n: 683, e: 6 };

/** Web Crypto reads a list with one text as that text. */
const isShort = (member: unknown, max: number): boolean => typeof member === 'string' && member.length <= max;

/** The key in the header, unless its signatures take long to check. */
const quickKey: typeof EmbeddedJWK = (header, token) => {
  const { n = '', e = '' } = header?.jwk ?? {};
  if (!isShort(n, RSA_MAX.n) || !isShort(e, RSA_MAX.e)) throw new errors.JWKInvalid('RSA key of more than 4096 bits');
  return EmbeddedJWK(header, token);
};

async function verify(proof: string): Promise<{ payload: JWTPayload; thumbprint: string }> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, quickKey, {
      algorithms: [...DPOP_ALGORITHMS],
      typ: 'dpop+jwt',
      clockTolerance: WINDOW_SECONDS,
    });
    return { payload, thumbprint: await calculateJwkThumbprint(protectedHeader.jwk!) };
  } catch (cause) {
    const { code = '', claim } = cause as Partial<errors.JWTClaimValidationFailed>;
    const reason = REASONS[code] ?? (claim === 'nbf' ? 'dpopProofTime' : 'dpopProofMalformed');
    throw new RevocationError(reason, { details: claim ?? code, cause });
  }
}

function checkClaims(claims: JWTPayload, { method, url, accessToken }: ProvenRequest): Omit<DpopProof, 'thumbprint'> {
  const { htm, htu, iat, ath, jti } = claims;
  if (!isJti(jti) || typeof iat !== 'number') throw new RevocationError('dpopProofMalformed', { details: 'claims' });
  const refusal = (reason: RefusalReason, details: string) => new RevocationError(reason, { details, jti });
  if (htm !== method) throw refusal('dpopProofRequest', 'htm');
  if (targetOf(htu) !== targetOf(url)) throw refusal('dpopProofRequest', 'htu');
  if (Math.abs(Date.now() / 1000 - iat) > WINDOW_SECONDS) throw refusal('dpopProofTime', 'iat');
  if (ath !== createHash('sha256').update(accessToken).digest('base64url')) throw refusal('dpopProofToken', 'ath');
  return { jti, expiresAt: Math.ceil((iat + WINDOW_SECONDS) * 1000) };
}

/** Normalizes a URL and removes query and fragment; returns undefined for an invalid URL. @see RFC 3986 §6.2.2, §6.2.3 */
function targetOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  url.search = '';
  url.hash = '';
  return normalizePercentEncoding(url.href);
}
