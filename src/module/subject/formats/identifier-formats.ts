import { accountParts, canonicalAccount } from './account-uri.js';
import { exactDid } from './did.js';
import { canonicalEmail, type EmailCase } from './email-address.js';
import { exactPhoneNumber } from './phone-number.js';
import { exactUri } from './uri.js';

/** One format: the members it has besides `format`, and how its value is compared. */
export interface FormatRule {
  /** Member that names the user. */
  readonly member: string;
  /** Member that says whose name it is. */
  readonly issuer?: string;
  /** What is compared; undefined for a value that is not valid. */
  canonical(value: string, emailCase?: EmailCase): string | undefined;
  /** What a canonical value consists of, for those who map it. */
  readonly parts?: (canonical: string) => Readonly<Record<string, string>>;
}

/** Compared byte for byte. @see RFC 9493 §3.2.3, §3.2.4 */
const exact = (value: string): string => value;

/** @see RFC 9493 §3.2.1 to §3.2.7 */
const RULES = {
  account: { member: 'uri', canonical: canonicalAccount, parts: accountParts },
  email: { member: 'email', canonical: canonicalEmail },
  iss_sub: { member: 'sub', issuer: 'iss', canonical: exact },
  opaque: { member: 'id', canonical: exact },
  phone_number: { member: 'phone_number', canonical: exactPhoneNumber },
  did: { member: 'url', canonical: exactDid },
  uri: { member: 'uri', canonical: exactUri },
} as const satisfies Record<string, FormatRule>;

/** Formats of RFC 9493, `aliases` aside. */
export type Rfc9493Format = keyof typeof RULES;

/** The rules of RFC 9493 by `format`. */
export const rfc9493Rules: ReadonlyMap<string, FormatRule> = new Map(Object.entries(RULES));

/** Names of the Janssen profile that are e-mail addresses. */
const EMAIL_ATTRIBUTES = new Set(['mail', 'email']);

/** Rule of a name of the Janssen profile. @see Janssen Server, Global Token Revocation */
export const attributeRule = (name: string): FormatRule => ({
  member: 'id',
  canonical: EMAIL_ATTRIBUTES.has(name) ? canonicalEmail : exact,
});
