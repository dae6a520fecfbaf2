import { attributeRule, type FormatRule, type Rfc9493Format, rfc9493Rules } from './identifier-formats.js';

/** One identifier that names a user by one value. */
export interface UserIdentifier {
  /** `format` as sent. */
  readonly format: string;
  /** Whether `format` is one of RFC 9493 or a name of the Janssen profile; `email` may be both. */
  readonly profile: 'rfc9493' | 'janssen';
  /** The value as sent. */
  readonly value: string;
  /** What is compared. */
  readonly canonical: string;
  /** `iss_sub`: the issuer that the value belongs to. */
  readonly issuer?: string;
}

/** A valid subject identifier. */
export interface SubjectIdentifier {
  /** `format` as sent. */
  readonly format: string;
  /** What it says: one identifier, or those of `aliases` that are supported. */
  readonly identifiers: readonly UserIdentifier[];
}

/** What a host supports: closed lists, never columns. */
export interface SupportedFormats {
  readonly formats: readonly Rfc9493Format[];
  /** Names of the Janssen profile. */
  readonly attributes: readonly string[];
}

/** Text that every database and proxy reads alike: not empty, no controls, no lone surrogates. */
const isCleanText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && !/[\p{Cs}\u0000-\u001f\u007f]/u.test(value);

/** A JSON object, and nothing that merely behaves like one. */
export const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a subject identifier strictly: a known format, exactly its members, each a clean string. Nothing is coerced.
 *
 * @returns undefined when it is not valid
 * @see RFC 9493 §3
 */
export function parseSubjectIdentifier(input: unknown, supported: SupportedFormats): SubjectIdentifier | undefined {
  const identifier = readIdentifier(input, supported);
  return identifier && { format: identifier.format, identifiers: [identifier] };
}

function readIdentifier(input: unknown, supported: SupportedFormats): UserIdentifier | undefined {
  if (!isJsonObject(input)) return undefined;
  const { format, ...members } = input;
  if (!isCleanText(format) || !Object.values(members).every(isCleanText)) return undefined;
  const texts = members as Record<string, string>;
  const rfc9493 = supported.formats.some((name) => name === format) ? rfc9493Rules.get(format) : undefined;
  const janssen = supported.attributes.includes(format) ? attributeRule(format) : undefined;
  if (rfc9493 && hasExactly(texts, rfc9493)) return identifierOf(format, 'rfc9493', rfc9493, texts);
  if (janssen && hasExactly(texts, janssen)) return identifierOf(format, 'janssen', janssen, texts);
  return undefined;
}

function hasExactly(members: object, { member, issuer }: FormatRule): boolean {
  const expected = issuer === undefined ? [member] : [member, issuer];
  return Object.keys(members).length === expected.length && expected.every((name) => Object.hasOwn(members, name));
}

function identifierOf(
  format: string,
  profile: UserIdentifier['profile'],
  rule: FormatRule,
  members: Record<string, string>,
): UserIdentifier | undefined {
  const value = members[rule.member]!;
  const canonical = rule.canonical(value);
  if (canonical === undefined) return undefined;
  const issuer = rule.issuer && members[rule.issuer]!;
  return { format, profile, value, canonical, ...(issuer !== undefined && { issuer }) };
}

const ruleOf = ({ profile, format }: Pick<UserIdentifier, 'profile' | 'format'>): FormatRule =>
  profile === 'rfc9493' ? rfc9493Rules.get(format)! : attributeRule(format);

/** Whether a value that a store has is the one an identifier names. */
export const isSameValue = (identifier: UserIdentifier, stored: string): boolean =>
  ruleOf(identifier).canonical(stored) === identifier.canonical;

/** The members of an identifier besides `format`, in canonical form. */
export function membersOf(identifier: UserIdentifier): Readonly<Record<string, string>> {
  const { member, issuer } = ruleOf(identifier);
  return {
    [member]: identifier.canonical,
    ...(issuer !== undefined && { [issuer]: identifier.issuer! }),
  };
}
