import { promisify } from 'node:util';
import { deflate } from 'node:zlib';

/** `typ` of a status list token. @see draft-ietf-oauth-status-list §5.1 */
export const STATUS_LIST_TYPE = 'statuslist+jwt';

/** Number of indexes in a list. Unused ones are 0 and compress to almost nothing. */
export const CAPACITY = 2 ** 20;

/** Index that is 1 in every list. */
export const REVOKED_INDEX = 0;

/** Returns a list of one bit for each index, in which only {@link REVOKED_INDEX} is set. */
export function emptyBits(): Uint8Array {
  const bits = new Uint8Array(CAPACITY / 8);
  setBit(bits, REVOKED_INDEX, true);
  return bits;
}

/** Sets a bit, the least significant of a byte first. @returns whether it had the other value @see draft-ietf-oauth-status-list §4.1 */
export function setBit(bits: Uint8Array, index: number, value: boolean): boolean {
  const [byte, mask] = [index >> 3, 1 << (index & 7)];
  if (((bits[byte]! & mask) !== 0) === value) return false;
  bits[byte]! ^= mask;
  return true;
}

/** Returns the member `lst`. Compresses outside of the event loop. @see draft-ietf-oauth-status-list §4.1, §4.2 */
export const packed = async (bits: Uint8Array): Promise<string> =>
  (await promisify(deflate)(bits, { level: 9 })).toString('base64url');
