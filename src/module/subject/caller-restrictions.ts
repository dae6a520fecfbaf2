import type { CallerRestrictions } from '../options/caller-restrictions.options.js';
import type { UserIdentifier } from './user-identifier.js';
import type { UserCandidate } from './user-directory.js';

/**
 * Whether the caller may use this identifier at all.
 *
 * @param ourIssuer whose accounts a caller may name that has restrictions, but none for issuers
 * @see draft-parecki-oauth-global-token-revocation-06 §7.1, §7.2
 * @publicApi
 */
export function mayUse(
  { format, issuer }: UserIdentifier,
  restrictions: CallerRestrictions,
  ourIssuer: string,
): boolean {
  const { formats, issuers = [ourIssuer] } = restrictions;
  return (formats?.includes(format) ?? true) && (issuer === undefined || issuers.includes(issuer));
}

/**
 * Whether the caller may name this user. A user without a tenant is nobody's.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §7.1, §7.2
 */
export const mayName = ({ tenant }: UserCandidate, restrictions: CallerRestrictions): boolean =>
  restrictions.tenant === undefined || tenant === restrictions.tenant;
