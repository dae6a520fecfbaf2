import { hash, timingSafeEqual } from 'node:crypto';

/**
 * Returns the SHA-256 in lower-case hex. Look-up columns store it, because it compares exactly under every collation
 * and a stolen value is not the secret.
 *
 * @publicApi
 */
export const sha256Hex = (value: string | Uint8Array): string => hash('sha256', value);

/** Returns whether two texts are equal, in a time that reveals nothing about them, not even their length. @publicApi */
export const isSameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(sha256Hex(one)), Buffer.from(sha256Hex(other)));
