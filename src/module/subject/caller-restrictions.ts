import type { CallerRestrictions } from '../options/caller-restrictions.options.js';
import type { UserIdentifier } from './user-identifier.js';
import type { UserCandidate } from './user-directory.js';

/**
 * Returns whether the caller may use this format and issuer.
 *
 * @param ourIssuer the only accepted issuer if the restrictions list none
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
 * Returns whether the caller may name this user. With a tenant restriction, users without a tenant cannot be named.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §7.1, §7.2
 */
export const mayName = ({ tenant }: UserCandidate, restrictions: CallerRestrictions): boolean =>
  restrictions.tenant === undefined || tenant === restrictions.tenant;
