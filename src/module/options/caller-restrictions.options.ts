import * as v from 'valibot';
import { listOf, type Members, oneOf, read, shape, text } from './schema.js';

/**
 * Users and formats that a caller may name. For other users, the answer is the same as for unknown ones.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §7.1, §7.2
 * @publicApi
 */
export interface CallerRestrictions {
  /** Allowed formats. @default all */
  formats?: readonly string[];
  /** Allowed values of `iss`. @default our own issuer */
  issuers?: readonly string[];
  /** Tenant whose users the caller may name. @default all */
  tenant?: string;
  /** Answer for an unknown user. @default the option `unknownSubject` */
  unknownSubject?: 'not_found' | 'no_content';
}

const members = {
  formats: v.exactOptional(listOf(text)),
  issuers: v.exactOptional(listOf(text)),
  tenant: v.exactOptional(text),
  unknownSubject: v.exactOptional(oneOf('not_found', 'no_content')),
} satisfies Members<CallerRestrictions>;

/** @param formats default of `formats` */
export const restrictionsTo = (formats: readonly string[]) =>
  shape({ ...members, formats: v.optional(listOf(text), formats) });

const restrictions = shape(members);

/**
 * Parses stored restrictions. Invalid restrictions throw; they never count as unrestricted.
 *
 * @throws Error that names the member
 */
export function storedRestrictions(stored: unknown): CallerRestrictions {
  const { value, findings } = read(restrictions, stored, 'restrictions');
  if (findings.length > 0) throw new Error(findings.join('\n'));
  return value;
}
