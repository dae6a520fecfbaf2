import { isDeepStrictEqual } from 'node:util';
import { attributeFormat } from './formats/attribute.js';
import { type EmailCase, type IdentifierFormat, isCleanText } from './formats/identifier-format.js';
import { type Rfc9493Format, rfc9493Formats } from './formats/identifier-formats.js';

/** An identifier that names a user by one value. @publicApi */
export interface UserIdentifier {
  /** `format` as sent. */
  readonly format: string;
  /** Whether `format` comes from RFC 9493 or is an attribute of the Janssen profile; `email` may be either. */
  readonly profile: 'rfc9493' | 'janssen';
  /** Value as sent. */
  readonly value: string;
  /** Value in canonical form, which is compared. */
  readonly canonical: string;
  /** Issuer of the value, for `iss_sub`. */
  readonly issuer?: string;
  /** How e-mail addresses are compared. @default 'ignored' */
  readonly emailCase?: EmailCase;
}

/** Result for a well-formed identifier in a format that the host does not support. */
export const UNSUPPORTED = Symbol('unsupported format');

type Members = Record<string, string>;

/** Formats and attributes that a host supports. */
export interface SupportedFormats {
  /** Supported formats of RFC 9493. `aliases` is always supported. */
  readonly formats: readonly Rfc9493Format[];
  /** Supported attribute names of the Janssen profile. */
  readonly attributes: readonly string[];
  /** How e-mail addresses are compared. @default 'ignored' */
  readonly emailCase?: EmailCase;
}

/**
 * Reads one identifier by the rules of its format; RFC 9493 takes precedence over the Janssen profile.
 *
 * @returns undefined if the members are not exactly those of the format, or a value is invalid
 * @see RFC 9493 §3, §3.1, §3.2
 */
export function readUserIdentifier(
  format: string,
  members: Record<string, unknown>,
  supported: SupportedFormats,
): UserIdentifier | typeof UNSUPPORTED | undefined {
  if (!allClean(members)) return undefined;
  const formats: readonly string[] = supported.formats;
  const rule = rfc9493Formats.get(format);
  if (rule && hasExactly(members, rule)) {
    const identifier = identifierOf(format, 'rfc9493', rule, members, supported);
    return identifier && !formats.includes(format) ? UNSUPPORTED : identifier;
  }
  if (!supported.attributes.includes(format)) return rule ? undefined : UNSUPPORTED;
  const attribute = attributeFormat(format);
  return hasExactly(members, attribute) ? identifierOf(format, 'janssen', attribute, members, supported) : undefined;
}

const allClean = (members: Record<string, unknown>): members is Members => Object.values(members).every(isCleanText);

const hasExactly = (members: Members, rule: IdentifierFormat): boolean =>
  isDeepStrictEqual(Object.keys(members).toSorted(), Object.keys(rule.members).toSorted());

function identifierOf(
  format: string,
  profile: UserIdentifier['profile'],
  rule: IdentifierFormat,
  members: Members,
  { emailCase }: SupportedFormats,
): UserIdentifier | undefined {
  const value = members[rule.member]!;
  const canonical = rule.canonical(value, emailCase);
  if (canonical === undefined) return undefined;
  const issuer = rule.issuer === undefined ? {} : { issuer: members[rule.issuer]! };
  return { format, profile, value, canonical, ...issuer, ...(emailCase === 'counts' && { emailCase }) };
}

const ruleOf = ({ profile, format }: UserIdentifier): IdentifierFormat =>
  profile === 'rfc9493' ? rfc9493Formats.get(format)! : attributeFormat(format);

/** Returns a stored value in the canonical form of an identifier's format; undefined if it is none of that format. */
export const canonicalOf = (identifier: UserIdentifier, stored: string): string | undefined =>
  ruleOf(identifier).canonical(stored, identifier.emailCase);

/** Returns what {@link canonicalOf} depends on. */
export const kindOf = ({ profile, format, emailCase }: UserIdentifier): string =>
  JSON.stringify([profile, format, emailCase]);

/** Returns whether a stored value equals the value of an identifier. */
export const isSameValue = (identifier: UserIdentifier, stored: string): boolean =>
  canonicalOf(identifier, stored) === identifier.canonical;

/** Returns the forms in which a store may have the value. */
export function spellingsOf(identifier: UserIdentifier): string[] {
  const { value, canonical } = identifier;
  return [...new Set([value, canonical, ...(ruleOf(identifier).spellings?.(canonical) ?? [])])];
}

/** Returns the members of an identifier in canonical form, without `format`, and the parts of its value. */
export function membersOf(identifier: UserIdentifier): Readonly<Members> {
  const { member, issuer, parts } = ruleOf(identifier);
  const { canonical } = identifier;
  return {
    [member]: canonical,
    ...(issuer !== undefined && { [issuer]: identifier.issuer! }),
    ...parts?.(canonical),
  };
}
