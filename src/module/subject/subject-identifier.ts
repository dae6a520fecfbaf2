import { RevocationError } from '../revocation.errors.js';
import { readAliases } from './formats/aliases.js';
import { type EmailCase, isCleanText, isJsonObject } from './formats/identifier-format.js';
import type { Rfc9493Format } from './formats/identifier-formats.js';
import { readUserIdentifier, UNSUPPORTED, type UserIdentifier } from './user-identifier.js';

/** A valid subject identifier. @publicApi */
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

/**
 * Reads a subject identifier strictly: a known format, exactly its members, each a clean string. Nothing is coerced.
 *
 * @throws RevocationError `invalidIdentifier`, or `unsupportedFormat` for a format the host does not have
 * @see RFC 9493 §3
 */
export function parseSubjectIdentifier(input: unknown, supported: SupportedFormats): SubjectIdentifier {
  const identifier = readSubjectIdentifier(input, supported);
  if (identifier === UNSUPPORTED) throw new RevocationError('unsupportedFormat');
  if (!identifier) throw new RevocationError('invalidIdentifier');
  return identifier;
}

/**
 * Reads what {@link parseSubjectIdentifier} reads.
 *
 * @returns `UNSUPPORTED` for a format the host does not have, undefined for what is not valid
 */
export function readSubjectIdentifier(
  input: unknown,
  supported: SupportedFormats,
): SubjectIdentifier | typeof UNSUPPORTED | undefined {
  if (!isJsonObject(input)) return undefined;
  const { format, ...members } = input;
  const readOne = (entry: Record<string, unknown>): UserIdentifier | typeof UNSUPPORTED | undefined => {
    const { format: name, ...rest } = entry;
    return isCleanText(name) ? readUserIdentifier(name, rest, supported) : undefined;
  };
  const found = format === 'aliases' ? readAliases(members, readOne) : readOne(input);
  if (found === undefined || found === UNSUPPORTED) return found;
  return { format: format as string, identifiers: [found].flat() };
}
