import type { RevocationError } from '../../../src/module/revocation.errors.js';
import { parseSubjectIdentifier, type SubjectIdentifier } from '../../../src/module/subject/subject-identifier.js';
import type { SupportedFormats } from '../../../src/module/subject/user-identifier.js';

/** What is read; undefined for what is not valid, `unsupported` for a format the host does not have. */
export function read(input: unknown, supported: SupportedFormats): SubjectIdentifier | 'unsupported' | undefined {
  try {
    return parseSubjectIdentifier(input, supported);
  } catch (error) {
    if ((error as RevocationError).reason === 'unsupportedFormat') return 'unsupported';
    if ((error as RevocationError).reason === 'invalidIdentifier') return undefined;
    throw error;
  }
}
