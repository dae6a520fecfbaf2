import * as v from 'valibot';
import { listOf, type Members, oneOf, read, shape, text } from './schema.js';

/**
 * Whom a caller may name. A user outside of it is answered like one nobody knows.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §7.1, §7.2
 * @publicApi
 */
export interface CallerRestrictions {
  /** `format` names this caller may use. @default all */
  formats?: readonly string[];
  /** Values of `iss` this caller may name. @default our own issuer */
  issuers?: readonly string[];
  /** Tenant whose users this caller may name. @default all */
  tenant?: string;
  /** Answer to this caller for a user nobody knows. @default the option `unknownSubject` */
  unknownSubject?: 'not_found' | 'no_content';
}

const members = {
  formats: v.exactOptional(listOf(text)),
  issuers: v.exactOptional(listOf(text)),
  tenant: v.exactOptional(text),
  unknownSubject: v.exactOptional(oneOf('not_found', 'no_content')),
} satisfies Members<CallerRestrictions>;

/** @param formats which a caller may use unless its restrictions say otherwise */
export const restrictionsTo = (formats: readonly string[]) =>
  shape({ ...members, formats: v.optional(listOf(text), formats) });

const restrictions = shape(members);

/**
 * Restrictions as they are stored. Those that cannot be read are never taken for none.
 *
 * @throws Error that names the member
 */
export function storedRestrictions(stored: unknown): CallerRestrictions {
  const { value, findings } = read(restrictions, stored, 'restrictions');
  if (findings.length > 0) throw new Error(findings.join('\n'));
  return value;
}
