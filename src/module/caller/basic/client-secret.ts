import { randomBytes } from 'node:crypto';
import { isSameSecret, sha256Hex } from '../../database/digest.js';

/** Secrets a client may have at a time: one in use, and one that replaces it. */
const SECRETS_MAX = 2;

/** Nobody's secret hashes to this: an unknown client costs the same compares as a known one. */
const NOBODY = sha256Hex(randomBytes(32).toString('hex'));

/**
 * Compares a presented secret with stored hashes in constant time, always with the same number of them.
 *
 * @param secretHashes lower-case hex SHA-256 of each valid secret; anything else never matches
 * @returns the hash that matched
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

/** Name of a secret in records and lists: too short a part of its hash to be of use to anybody. @publicApi */
export const secretId = (secretHash: string): string => secretHash.slice(0, 8);
