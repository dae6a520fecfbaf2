import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Lower-case hex SHA-256. Look-up columns hold this form: it compares exactly under every collation, and a stolen
 * column value is not the secret.
 *
 * @publicApi
 */
export const sha256Hex = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex');

/** Whether two texts are equal, in a time that tells nothing about either, not even its length. @publicApi */
export const isSameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(sha256Hex(one)), Buffer.from(sha256Hex(other)));
