import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '../database/digest.js';

/** Nobody's secret hashes to this: an unknown client costs the same compare as a known one. */
const NOBODY = sha256Hex(randomBytes(32).toString('hex'));

/**
 * Compares a presented secret with a stored hash in constant time.
 *
 * @param secretHash lower-case hex SHA-256; anything else, null or undefined never matches
 */
export function clientSecretMatches(secret: string, secretHash: string | null | undefined): boolean {
  const isHash = /^[0-9a-f]{64}$/.test(secretHash ?? '');
  const same = timingSafeEqual(Buffer.from(sha256Hex(secret)), Buffer.from(isHash ? secretHash! : NOBODY));
  return same && isHash;
}
