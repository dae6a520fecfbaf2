import { isObject } from '../options/schema.js';
import { RevocationError } from '../revocation.errors.js';
import { readAliases } from './formats/aliases.js';
import { isCleanText } from './formats/identifier-format.js';
import { readUserIdentifier, type SupportedFormats, UNSUPPORTED, type UserIdentifier } from './user-identifier.js';

/** A valid subject identifier. @publicApi */
export interface SubjectIdentifier {
  /** `format` as sent. */
  readonly format: string;
  /** The identifier, or the supported identifiers of `aliases`. */
  readonly identifiers: readonly UserIdentifier[];
}

/**
 * Parses a subject identifier strictly: a supported format with exactly its members, each a clean string. Coerces
 * nothing.
 *
 * @throws RevocationError `invalidIdentifier`, or `unsupportedFormat` if the host does not support the format
 * @see RFC 9493 §3
 */
export function parseSubjectIdentifier(input: unknown, supported: SupportedFormats): SubjectIdentifier {
  const identifier = readSubjectIdentifier(input, supported);
  if (identifier === UNSUPPORTED) throw new RevocationError('unsupportedFormat');
  if (!identifier) throw new RevocationError('invalidIdentifier');
  return identifier;
}

/**
 * Same as {@link parseSubjectIdentifier}, without throwing.
 *
 * @returns `UNSUPPORTED` if the host does not support the format, undefined if the identifier is invalid
 */
export function readSubjectIdentifier(
  input: unknown,
  supported: SupportedFormats,
): SubjectIdentifier | typeof UNSUPPORTED | undefined {
  if (!isObject(input)) return undefined;
  const { format, ...members } = input;
  const readOne = (entry: Record<string, unknown>): UserIdentifier | typeof UNSUPPORTED | undefined => {
    const { format: name, ...rest } = entry;
    return isCleanText(name) ? readUserIdentifier(name, rest, supported) : undefined;
  };
  const found = format === 'aliases' ? readAliases(members, readOne) : readOne(input);
  if (found === undefined || found === UNSUPPORTED) return found;
  return { format: format as string, identifiers: [found].flat() };
}
