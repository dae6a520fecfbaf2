import { isIPv6 } from 'node:net';

/** Parts of the generic URI syntax, as sources of regular expressions. @see RFC 3986 §A */
export const PCT_ENCODED = '%[0-9A-Fa-f]{2}';
export const SUB_DELIMS = "!$&'()*+,;=";
export const UNRESERVED = 'A-Za-z0-9._~\\-';
export const PCHAR = `(?:[${UNRESERVED}${SUB_DELIMS}:@]|${PCT_ENCODED})`;
export const REG_NAME = `(?:[${UNRESERVED}${SUB_DELIMS}]|${PCT_ENCODED})*`;
/** Brackets with any content; {@link isIpLiteral} checks the address. */
export const IP_LITERAL = `\\[[${UNRESERVED}${SUB_DELIMS}:]+\\]`;
export const PATH_ABEMPTY = `(?:/${PCHAR}*)*`;
export const QUERY_AND_FRAGMENT = `(?:\\?(?:${PCHAR}|[/?])*)?(?:#(?:${PCHAR}|[/?])*)?`;

const IP_FUTURE = new RegExp(`^v[0-9A-F]+\\.[${UNRESERVED}${SUB_DELIMS}:]+$`, 'i');

/** Returns whether this is an IPv6 address without zone, or IPvFuture, in brackets. @see RFC 3986 §3.2.2 */
export function isIpLiteral(literal: string): boolean {
  const address = literal.slice(1, -1);
  return isIPv6(address) || IP_FUTURE.test(address);
}

/** Decodes unreserved characters and uses upper-case hex digits. @see RFC 3986 §6.2.2.1, §6.2.2.2 */
export const normalizePercentEncoding = (text: string): string =>
  text.replaceAll(/%[0-9A-Fa-f]{2}/g, (encoded) => {
    const char = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(char) ? char : encoded.toUpperCase();
  });
