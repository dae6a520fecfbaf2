import type { Comparison } from '../global-revocation.options.js';
import { canonicalEmail } from './email-address.js';

/** A valid subject identifier. */
export interface SubjectIdentifier {
  /** `format` as sent. */
  format: string;
  /** What the value is compared with: the account id, the e-mail address, or an attribute of the Janssen profile. */
  names: 'subject' | 'email' | { attribute: string };
  /** How it is compared. */
  comparison: Comparison;
  value: string;
  /** Issuer the account id belongs to; ours when absent. */
  issuer?: string;
}

/** One format: the members it has besides `format`, and what they name. */
interface FormatRule {
  members: readonly string[];
  read(members: Record<string, string>): Omit<SubjectIdentifier, 'format'> | undefined;
}

/** The supported formats; a name that is not a key is refused. */
export type SubjectFormats = ReadonlyMap<string, readonly FormatRule[]>;

const email = (member: string, names: SubjectIdentifier['names']): FormatRule => ({
  members: [member],
  read: ({ [member]: value }) =>
    canonicalEmail(value!) === undefined ? undefined : { names, value: value!, comparison: 'email' },
});

/** @see RFC 9493 §3.2.3 */
const issSub: FormatRule = {
  members: ['iss', 'sub'],
  read: ({ iss, sub }) => ({ names: 'subject', comparison: 'exact', value: sub!, issuer: iss! }),
};

/** @see RFC 9493 §3.2.4 */
const opaque: FormatRule = {
  members: ['id'],
  read: ({ id }) => ({ names: 'subject', comparison: 'exact', value: id! }),
};

const exactAttribute = (attribute: string): FormatRule => ({
  members: ['id'],
  read: ({ id }) => ({ names: { attribute }, comparison: 'exact', value: id! }),
});

/** Attributes that hold e-mail addresses. */
const EMAIL_ATTRIBUTES = new Set(['mail', 'email']);

/**
 * The formats a host supports.
 *
 * @param attributes names of the Janssen profile
 * @param hasEmail whether users can be found by the RFC 9493 `email` format
 */
export function subjectFormats(attributes: readonly string[], hasEmail: boolean): SubjectFormats {
  const formats = new Map<string, FormatRule[]>([
    ['iss_sub', [issSub]],
    ['opaque', [opaque]],
  ]);
  if (hasEmail) formats.set('email', [email('email', 'email')]); // RFC 9493 §3.2.2
  for (const name of attributes) {
    const rule = EMAIL_ATTRIBUTES.has(name) ? email('id', { attribute: name }) : exactAttribute(name);
    formats.set(name, [...(formats.get(name) ?? []), rule]);
  }
  return formats;
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
export function parseSubjectIdentifier(input: unknown, formats: SubjectFormats): SubjectIdentifier | undefined {
  if (!isJsonObject(input)) return undefined;
  const { format, ...members } = input;
  const values = Object.values(members);
  if (!isCleanText(format) || !values.every(isCleanText)) return undefined;
  const rule = formats.get(format)?.find(({ members: expected }) => {
    return expected.length === values.length && expected.every((name) => Object.hasOwn(members, name));
  });
  const read = rule?.read(members as Record<string, string>);
  return read && { format, ...read };
}

/** Canonical form of a value for its comparison; undefined: matches nothing. */
export const canonicalValue = (value: string, comparison: Comparison): string | undefined =>
  comparison === 'email' ? canonicalEmail(value) : value;
