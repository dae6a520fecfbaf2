import { type IdentifierFormat, isCleanText } from './identifier-format.js';
import {
  IP_LITERAL,
  isIpLiteral,
  normalizePercentEncoding,
  PCT_ENCODED,
  REG_NAME,
  SUB_DELIMS,
  UNRESERVED,
} from './uri-syntax.js';

const USERPART = `(?:[${UNRESERVED}${SUB_DELIMS}]|${PCT_ENCODED})+`;
const ACCOUNT = new RegExp(`^acct:(?<user>${USERPART})@(?<host>${IP_LITERAL}|(?!$)${REG_NAME})$`, 'i');

/**
 * Returns the canonical form of an `acct` URI: scheme and host in lower case, percent-encoding normalized, user part in
 * its own case. The user part may begin with an encoded character: RFC 7565 §6 allows any Unicode text, although its
 * grammar does not. Returns undefined if the URI is invalid or encodes something other than UTF-8 text.
 *
 * @see RFC 9493 §3.2.1, RFC 7565 §4, §6, RFC 3986 §3.2.2
 */
export function canonicalAccount(uri: string): string | undefined {
  const { user, host } = ACCOUNT.exec(uri)?.groups ?? {};
  if (user === undefined || host === undefined) return undefined;
  if (textOf(user) === undefined || textOf(host) === undefined) return undefined;
  if (host.startsWith('[') && !isIpLiteral(host)) return undefined;
  // Again after lower-casing: `%41` decodes to an upper-case letter, and hex digits such as `%c3` must be upper case.
  const lowered = normalizePercentEncoding(normalizePercentEncoding(host).toLowerCase());
  return `acct:${normalizePercentEncoding(user)}@${lowered}`;
}

/** Returns the user part of a canonical `acct` URI as text, and its host. */
export function accountParts(canonical: string): { user: string; host: string } {
  const at = canonical.lastIndexOf('@');
  return { user: textOf(canonical.slice('acct:'.length, at))!, host: canonical.slice(at + 1) };
}

function textOf(encoded: string): string | undefined {
  try {
    const text = decodeURIComponent(encoded);
    return isCleanText(text) ? text : undefined;
  } catch {
    return undefined; // not UTF-8
  }
}

/** @see RFC 9493 §3.2.1 */
export const account = {
  title: 'Account at a service provider',
  members: { uri: { description: '`acct` URI. The user part is case-sensitive, the host is not.' } },
  member: 'uri',
  canonical: canonicalAccount,
  parts: accountParts,
  example: { uri: 'acct:alice@localhost' },
} as const satisfies IdentifierFormat;
