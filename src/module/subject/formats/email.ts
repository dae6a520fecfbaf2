import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import type { EmailCase, IdentifierFormat } from './identifier-format.js';

/** `dot-atom`. */
const LOCAL = /^[^\s"(),:;<>@[\\\]\p{C}.]+(\.[^\s"(),:;<>@[\\\]\p{C}.]+)*$/u;
/** `quoted-string` without folding white space. */
const QUOTED = /^"((?:[^"\\\p{C}]|\\[^\p{C}])*)"$/u;
/** Longest domain in A-labels. No other form of a domain is longer. */
const DOMAIN_MAX = 253;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Returns the canonical form of an e-mail address: domain in lower-case A-labels, local part without unnecessary quotes
 * and in lower case unless its case counts. Dots and +tags are kept. Returns undefined if the address is not an
 * `addr-spec`; comments, folding and obsolete forms are rejected.
 *
 * @see RFC 9493 §3.2.2, RFC 5322 §3.4.1, RFC 5321 §4.1.2
 * @publicApi
 */
export function canonicalEmail(address: string, emailCase: EmailCase = 'ignored'): string | undefined {
  const at = address.lastIndexOf('@');
  const sent = address.slice(0, Math.max(at, 0));
  const local = sent.length > 64 ? undefined : localPart(sent);
  const domain = addressLiteral(address.slice(at + 1)) ?? asciiDomain(address.slice(at + 1));
  if (local === undefined || domain === undefined) return undefined;
  if (emailCase === 'counts') return `${local}@${domain}`;
  // ASCII only: full case folding equates different names, such as K and the Kelvin sign.
  return `${local.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())}@${domain}`;
}

/** Removes quotes and backslashes that have no meaning. @see RFC 5321 §4.1.2 */
function localPart(sent: string): string | undefined {
  const text = QUOTED.exec(sent)?.[1]?.replaceAll(/\\(.)/gu, '$1') ?? sent;
  if (LOCAL.test(text)) return text;
  return text === sent ? undefined : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** `[192.0.2.1]` or `[IPv6:2001:db8::1]`, compared as text. @see RFC 5321 §4.1.3 */
function addressLiteral(domain: string): string | undefined {
  const [, prefix, address = ''] = /^\[(IPv6:)?([^\]%]+)\]$/i.exec(domain) ?? [];
  return (prefix === undefined ? isIPv4(address) : isIPv6(address)) ? domain.toLowerCase() : undefined;
}

/** Keeps ASCII names away from the URL parser, which reads `0x7f.1` as an address and decodes `%41`. */
function asciiDomain(domain: string): string | undefined {
  if (domain.length > DOMAIN_MAX) return undefined;
  const isAscii = /^[\x21-\x7e]*$/.test(domain);
  if (!isAscii && /[\x00-\x20%:/?#[\]@\\]/.test(domain)) return undefined;
  const ascii = isAscii ? domain.toLowerCase() : internationalDomain(domain);
  return ascii.length <= DOMAIN_MAX && DOMAIN.test(ascii) ? ascii : undefined;
}

/**
 * Converts U-labels to A-labels. Rejects characters that IDNA mapping would drop or replace, such as soft hyphens,
 * full-width letters, ligatures and the Kelvin sign.
 *
 * @see RFC 5890 §2.3.2.1
 */
function internationalDomain(domain: string): string {
  const labels = domain.toLowerCase().split('.');
  const ascii = domainToASCII(domain).split('.');
  const isUnmapped = ascii.length === labels.length && domain === domain.normalize('NFC');
  const isSpeltOut = ascii.every((label, i) => label === labels[i] || domainToUnicode(label) === labels[i]);
  return isUnmapped && isSpeltOut ? ascii.join('.') : '';
}

/** Returns the equivalent address with its domain in U-labels, if it differs. @see RFC 5890 §2.3.2.4 */
export function emailSpellings(canonical: string): string[] {
  const at = canonical.lastIndexOf('@') + 1;
  const domain = canonical.slice(at);
  const unicode = domain.startsWith('[') ? domain : domainToUnicode(domain);
  return unicode === '' || unicode === domain ? [] : [canonical.slice(0, at) + unicode];
}

/** @see RFC 9493 §3.2.2 */
export const email = {
  title: 'E-mail address',
  members: { email: { description: 'E-mail address, in upper or lower case.' } },
  member: 'email',
  canonical: canonicalEmail,
  spellings: emailSpellings,
  example: { email: 'alice@example.com' },
} as const satisfies IdentifierFormat;
