import type { IdentifierFormat } from './identifier-format.js';
import {
  IP_LITERAL,
  isIpLiteral,
  PATH_ABEMPTY,
  PCHAR,
  PCT_ENCODED,
  QUERY_AND_FRAGMENT,
  REG_NAME,
  SUB_DELIMS,
  UNRESERVED,
} from './uri-syntax.js';

const USERINFO = `(?:[${UNRESERVED}${SUB_DELIMS}:]|${PCT_ENCODED})*`;
const AUTHORITY = `(?:${USERINFO}@)?(?:(?<literal>${IP_LITERAL})|${REG_NAME})(?::[0-9]*)?`;
const PATH_ROOTLESS = `${PCHAR}+${PATH_ABEMPTY}`;
const HIER_PART = `(?://${AUTHORITY}${PATH_ABEMPTY}|/(?:${PATH_ROOTLESS})?|${PATH_ROOTLESS}|)`;
const URI = new RegExp(`^[A-Za-z][A-Za-z0-9+.\\-]*:${HIER_PART}${QUERY_AND_FRAGMENT}$`);

/** Returns a valid absolute URI unchanged; rejects relative references and IRIs. @see RFC 9493 §3.2.7, RFC 3986 §3 */
export function exactUri(text: string): string | undefined {
  const match = URI.exec(text);
  const literal = match?.groups!['literal'];
  return match && (literal === undefined || isIpLiteral(literal)) ? text : undefined;
}

/** @see RFC 9493 §3.2.7 */
export const uri = {
  title: 'URI',
  members: { uri: { description: 'URI, compared byte for byte.' } },
  member: 'uri',
  canonical: exactUri,
  example: { uri: 'https://people.example.com/alice' },
  exampleNote: 'if users have one',
} as const satisfies IdentifierFormat;
