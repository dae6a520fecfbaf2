import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

/** Statuses of one list: each takes the same number of bits. @see draft-ietf-oauth-status-list §4.1 */
export interface StatusList {
  bits: number;
  bytes: Uint8Array;
}

/** Possible numbers of bits of one status. */
const BITS: readonly unknown[] = [1, 2, 4, 8];

/** Maximum size of an inflated list, in bytes: 2²⁴ statuses of one bit. */
const BYTES_MAX = 2 ** 21;

/**
 * Reads the claim `status_list`. Stops at two megabytes, however small the compressed list is.
 *
 * @throws Error if the claim is invalid or the list too long
 * @see draft-ietf-oauth-status-list §4.2
 */
export async function unpacked(claim: unknown): Promise<StatusList> {
  const { bits, lst } = (claim ?? {}) as { bits?: unknown; lst?: unknown };
  if (!BITS.includes(bits) || typeof lst !== 'string' || !/^[\w-]+$/.test(lst)) {
    throw new Error('status_list must have bits (1, 2, 4 or 8) and lst (base64url)');
  }
  const bytes = await promisify(inflate)(Buffer.from(lst, 'base64url'), { maxOutputLength: BYTES_MAX });
  return { bits: bits as number, bytes };
}

/**
 * Returns the status at an index; undefined if the list is shorter. 0 is valid, everything else is not.
 *
 * @see draft-ietf-oauth-status-list §4.1
 */
export function statusAt({ bits, bytes }: StatusList, index: number): number | undefined {
  const perByte = 8 / bits;
  const byte = bytes[Math.floor(index / perByte)];
  return byte === undefined ? undefined : (byte >> ((index % perByte) * bits)) & (2 ** bits - 1);
}

/** Where a token's status is. @see draft-ietf-oauth-status-list §6.2 */
export interface StatusReference {
  index: number;
  uri: URL;
}

/**
 * Reads the claim `status` of a token.
 *
 * @param origin the only one that a list may have
 * @returns undefined for a missing or invalid claim, and for a list elsewhere
 */
export function statusReference(status: unknown, origin: string): StatusReference | undefined {
  const { idx, uri } = ((status as { status_list?: unknown } | undefined)?.status_list ?? {}) as Record<
    string,
    unknown
  >;
  if (!Number.isSafeInteger(idx) || Number(idx) < 0 || typeof uri !== 'string' || !URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  return url.origin === origin && url.hash === '' ? { index: Number(idx), uri: url } : undefined;
}
