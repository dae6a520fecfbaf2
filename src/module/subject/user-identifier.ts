import { isDeepStrictEqual } from 'node:util';
import { attributeFormat } from './formats/attribute.js';
import { type EmailCase, type IdentifierFormat, isCleanText } from './formats/identifier-format.js';
import { rfc9493Formats } from './formats/identifier-formats.js';

/** One identifier that names a user by one value. @publicApi */
export interface UserIdentifier {
  /** `format` as sent. */
  readonly format: string;
  /** Whether `format` is one of RFC 9493 or a name of the Janssen profile; `email` may be both. */
  readonly profile: 'rfc9493' | 'janssen';
  /** The value as sent. */
  readonly value: string;
  /** The value in canonical form: what is compared. */
  readonly canonical: string;
  /** `iss_sub`: the issuer that the value belongs to. */
  readonly issuer?: string;
  /** How e-mail addresses are compared here. @default 'ignored' */
  readonly emailCase?: EmailCase;
}

/** Well-formed, but of a format the host does not have. */
export const UNSUPPORTED = Symbol('unsupported format');

type Members = Record<string, string>;

/** What a host has. */
interface Supported {
  formats: readonly string[];
  attributes: readonly string[];
  emailCase?: EmailCase;
}

/**
 * Reads one identifier by the rule of its format, RFC 9493 before the Janssen profile.
 *
 * @returns undefined when its members are not exactly those of its format, or a value is not valid
 * @see RFC 9493 §3, §3.1, §3.2
 */
export function readUserIdentifier(
  format: string,
  members: Record<string, unknown>,
  supported: Supported,
): UserIdentifier | typeof UNSUPPORTED | undefined {
  if (!allClean(members)) return undefined;
  const rule = rfc9493Formats.get(format);
  if (rule && hasExactly(members, rule)) {
    const identifier = identifierOf(format, 'rfc9493', rule, members, supported);
    return identifier && !supported.formats.includes(format) ? UNSUPPORTED : identifier;
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
  { emailCase }: Supported,
): UserIdentifier | undefined {
  const value = members[rule.member]!;
  const canonical = rule.canonical(value, emailCase);
  if (canonical === undefined) return undefined;
  const issuer = rule.issuer === undefined ? {} : { issuer: members[rule.issuer]! };
  return { format, profile, value, canonical, ...issuer, ...(emailCase === 'counts' && { emailCase }) };
}

const ruleOf = ({ profile, format }: UserIdentifier): IdentifierFormat =>
  profile === 'rfc9493' ? rfc9493Formats.get(format)! : attributeFormat(format);

/** Whether a value that a store has is the one an identifier names. */
export const isSameValue = (identifier: UserIdentifier, stored: string): boolean =>
  ruleOf(identifier).canonical(stored, identifier.emailCase) === identifier.canonical;

/** The members of an identifier besides `format`, in canonical form, with the parts a value consists of. */
export function membersOf(identifier: UserIdentifier): Readonly<Members> {
  const { member, issuer, parts } = ruleOf(identifier);
  const { canonical } = identifier;
  return {
    [member]: canonical,
    ...(issuer !== undefined && { [issuer]: identifier.issuer! }),
    ...parts?.(canonical),
  };
}
