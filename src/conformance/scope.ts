/** What a credential has to carry that revokes. */
export const SCOPE = 'global_token_revocation';

/** The scopes that an answer names. @see RFC 6749 §5.1, RFC 7662 §2.2 */
export const scopesOf = ({ scope }: Record<string, unknown>): ReadonlySet<string> =>
  new Set(typeof scope === 'string' ? scope.split(' ') : []);
