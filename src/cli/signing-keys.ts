import { calculateJwkThumbprint, type JWK } from 'jose';

/**
 * Injection token of the keys that the application signs tokens with, as JWKs. Without it, the keys are not checked.
 *
 * @publicApi
 */
export const SIGNING_KEYS = Symbol('SIGNING_KEYS');

/**
 * Returns the ids of the keys that are not published. Keys are compared by thumbprint, because two keys can have the
 * same id.
 *
 * @see RFC 7638 §3
 */
export async function unpublished(signing: readonly JWK[], published: readonly JWK[]): Promise<string[]> {
  const known = new Set(await Promise.all(published.map((key) => calculateJwkThumbprint(key))));
  const thumbprints = await Promise.all(signing.map((key) => calculateJwkThumbprint(key)));
  const ids = signing.map(({ kid }, i) => kid ?? thumbprints[i]!);
  return ids.filter((_, i) => !known.has(thumbprints[i]!));
}
