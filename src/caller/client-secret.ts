import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '../database/digest.js';

/** Nobody's secret hashes to this: an unknown client costs the same compare as a known one. */
const NOBODY = sha256Hex(randomBytes(32).toString('hex'));

/**
 * Compares a presented secret with a stored hash in constant time.
 *
 * @param secretHash lower-case hex SHA-256; null or undefined never matches
 */
export function clientSecretMatches(secret: string, secretHash: string | null | undefined): boolean {
  const same = timingSafeEqual(
    Buffer.from(sha256Hex(secret)),
    Buffer.from((secretHash ?? NOBODY).padEnd(64).slice(0, 64)),
  );
  return same && Boolean(secretHash);
}
