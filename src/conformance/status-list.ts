import { inflateSync } from 'node:zlib';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Mismatch, NotTested } from './outcome.js';
import { send } from './http.js';

/** Maximum size of an inflated list, in bytes. */
const BYTES_MAX = 2 ** 21;

/** Where the status of a token is. @see draft-ietf-oauth-status-list §6.2 */
export interface StatusReference {
  index: number;
  uri: string;
}

/** Returns the reference in a JWT. @throws NotTested if there is none */
export function statusOf(token: string): StatusReference {
  const { status } = decoded(() => decodeJwt<{ status?: { status_list?: { idx?: unknown; uri?: unknown } } }>(token));
  const { idx, uri } = status?.status_list ?? {};
  if (typeof idx !== 'number' || typeof uri !== 'string')
    throw new NotTested('needs jwt_access_token with the claim status from --sign-in');
  return { index: idx, uri };
}

/** A list, whose signature is not checked. */
export interface FetchedList {
  typ: unknown;
  sub: unknown;
  iat: unknown;
  /** Seconds. */
  ttl: number | undefined;
  /** Number of bits of a status. */
  bits: number;
  bytes: Uint8Array;
}

/** Fetches a list. @throws Mismatch if there is none @see draft-ietf-oauth-status-list §8.1 */
export async function fetchList(uri: string): Promise<FetchedList> {
  const { status, text } = await send(uri, { headers: { accept: 'application/statuslist+jwt' } });
  if (status !== 200) throw new Mismatch(`${uri} answers ${status}`);
  return decoded(() => {
    const { typ } = decodeProtectedHeader(text);
    const claims = decodeJwt<{ ttl?: number; status_list: { bits: number; lst: string } }>(text);
    const { sub, iat, ttl, status_list: list } = claims;
    const bytes = inflateSync(Buffer.from(list.lst, 'base64url'), { maxOutputLength: BYTES_MAX });
    return { typ, sub, iat, ttl, bits: list.bits, bytes };
  });
}

/** Whether the status is another one than 0, valid. @see draft-ietf-oauth-status-list §4.1, §7.1 */
export function isListed({ bits, bytes }: FetchedList, index: number): boolean {
  const byte = bytes[Math.floor((index * bits) / 8)] ?? 0;
  return ((byte >> ((index * bits) % 8)) & (2 ** bits - 1)) !== 0;
}

/** @throws Mismatch if something is no JWT or no list */
function decoded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Mismatch(`not a JWT, or not a status list: ${String(error)}`);
  }
}
