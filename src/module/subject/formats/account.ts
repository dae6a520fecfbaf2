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
 * Canonical form of an `acct` URI: scheme and host in lower case, percent-encoding normalised; the user part keeps its case.
 * A user part may begin with an encoded character: the RFC means any text of Unicode (§6), though its grammar forgets it.
 *
 * @returns undefined when it is none, or what is encoded is not UTF-8 text
 * @see RFC 9493 §3.2.1, RFC 7565 §4, §6, RFC 3986 §3.2.2
 */
export function canonicalAccount(uri: string): string | undefined {
  const { user, host } = ACCOUNT.exec(uri)?.groups ?? {};
  if (user === undefined || host === undefined) return undefined;
  if (textOf(user) === undefined || textOf(host) === undefined) return undefined;
  if (host.startsWith('[') && !isIpLiteral(host)) return undefined;
  // Once more after the case: `%41` is a letter, and the digits of `%c3` are upper case.
  const lowered = normalizePercentEncoding(normalizePercentEncoding(host).toLowerCase());
  return `acct:${normalizePercentEncoding(user)}@${lowered}`;
}

/** Who a canonical `acct` URI names: the user part as text, and the host. */
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
