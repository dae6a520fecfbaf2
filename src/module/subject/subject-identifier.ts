import { isDeepStrictEqual } from 'node:util';
import { RevocationError } from '../revocation.errors.js';
import { isCleanText } from './formats/clean-text.js';
import type { EmailCase } from './formats/email-address.js';
import type { Rfc9493Format } from './formats/identifier-formats.js';
import { readUserIdentifier, UNSUPPORTED, type UserIdentifier } from './user-identifier.js';

/** A valid subject identifier. */
export interface SubjectIdentifier {
  /** `format` as sent. */
  readonly format: string;
  /** What it says: one identifier, or those of `aliases` whose format is supported. */
  readonly identifiers: readonly UserIdentifier[];
}

/** What a host supports: closed lists, never columns. */
export interface SupportedFormats {
  /** Formats of RFC 9493, `aliases` aside: of these, they always are. */
  readonly formats: readonly Rfc9493Format[];
  /** Names of the Janssen profile. */
  readonly attributes: readonly string[];
  /** How e-mail addresses are compared. @default 'ignored' */
  readonly emailCase?: EmailCase;
}

/** Most identifiers that `aliases` may hold. */
const ALIASES_MAX = 10;

/** A JSON object, and nothing that merely behaves like one. */
export const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a subject identifier strictly: a known format, exactly its members, each a clean string. Nothing is coerced.
 *
 * @throws RevocationError `invalidIdentifier`, or `unsupportedFormat` for a format the host does not have
 * @see RFC 9493 §3
 */
export function parseSubjectIdentifier(input: unknown, supported: SupportedFormats): SubjectIdentifier {
  const identifier = read(input, supported);
  if (identifier === UNSUPPORTED) throw new RevocationError('unsupportedFormat');
  if (!identifier) throw new RevocationError('invalidIdentifier');
  return identifier;
}

/** Whether {@link parseSubjectIdentifier} reads it. */
export const isSubjectIdentifier = (input: unknown, supported: SupportedFormats): boolean =>
  typeof read(input, supported) === 'object';

type Read = SubjectIdentifier | typeof UNSUPPORTED | undefined;

function read(input: unknown, supported: SupportedFormats): Read {
  if (!isJsonObject(input)) return undefined;
  const { format, ...members } = input;
  if (!isCleanText(format)) return undefined;
  if (format === 'aliases') return readAliases(members, supported);
  const identifier = readUserIdentifier(format, members, supported);
  return identifier === undefined || identifier === UNSUPPORTED ? identifier : { format, identifiers: [identifier] };
}

/**
 * The sender need not know which formats the receiver has, so those it has not are left out; one has to remain.
 *
 * @see RFC 9493 §3.2.8
 */
function readAliases({ identifiers: entries, ...more }: Record<string, unknown>, supported: SupportedFormats): Read {
  if (!Array.isArray(entries) || entries.length > ALIASES_MAX || Object.keys(more).length > 0) return undefined;
  if (entries.some((entry, i) => entries.slice(0, i).some((earlier) => isDeepStrictEqual(earlier, entry)))) {
    return undefined;
  }
  const identifiers: UserIdentifier[] = [];
  for (const entry of entries as unknown[]) {
    if (isJsonObject(entry) && entry['format'] === 'aliases') return undefined;
    const one = read(entry, supported);
    if (one === undefined) return undefined;
    if (one !== UNSUPPORTED) identifiers.push(...one.identifiers);
  }
  if (identifiers.length > 0) return { format: 'aliases', identifiers };
  return entries.length === 0 ? undefined : UNSUPPORTED;
}
