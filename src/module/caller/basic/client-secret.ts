import { randomBytes } from 'node:crypto';
import { isSameSecret, sha256Hex } from '../../database/digest.js';

/** Maximum number of secrets of a client: the current one and its replacement. */
const SECRETS_MAX = 2;

/** Matches no secret. An unknown client costs as many comparisons as a known one. */
const NOBODY = sha256Hex(randomBytes(32).toString('hex'));

/**
 * Compares a secret with stored hashes in constant time, always with the same number of comparisons.
 *
 * @param secretHashes lower-case hex SHA-256 of each valid secret; anything else never matches
 * @returns the matching hash, or undefined
 * @see RFC 6749 §2.3.1, §10.10
 */
export function matchingSecret(secret: string, secretHashes: readonly string[] = []): string | undefined {
  const presented = sha256Hex(secret);
  let match: string | undefined;
  for (let i = 0; i < SECRETS_MAX; i += 1) {
    const hash = secretHashes[i] ?? '';
    const isHash = /^[0-9a-f]{64}$/.test(hash);
    const isSame = isSameSecret(presented, isHash ? hash : NOBODY);
    if (isSame && isHash) match = hash;
  }
  return match;
}

/** Short name of a secret for records and lists: a prefix of its hash. @publicApi */
export const secretId = (secretHash: string): string => secretHash.slice(0, 8);
