import { calculateJwkThumbprint, type JWK } from 'jose';

/**
 * Injection token of the keys that the application signs tokens with, as JWKs. Where there is none, nobody looks.
 *
 * @publicApi
 */
export const SIGNING_KEYS = Symbol('SIGNING_KEYS');

/**
 * Ids of the keys that are not among the published ones. A key is the same when it has the same thumbprint: another key may
 * have its id.
 *
 * @see RFC 7638 §3
 */
export async function unpublished(signing: readonly JWK[], published: readonly JWK[]): Promise<string[]> {
  const known = new Set(await Promise.all(published.map((key) => calculateJwkThumbprint(key))));
  const thumbprints = await Promise.all(signing.map((key) => calculateJwkThumbprint(key)));
  const ids = signing.map(({ kid }, i) => kid ?? thumbprints[i]!);
  return ids.filter((_, i) => !known.has(thumbprints[i]!));
}
