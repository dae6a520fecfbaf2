/** Scope that a credential needs to revoke. @see draft-parecki-oauth-global-token-revocation-06 §7.1 */
export const SCOPE = 'global_token_revocation';

/** The scopes in an answer of the token or introspection endpoint. @see RFC 6749 §5.1, RFC 7662 §2.2 */
export const scopesOf = ({ scope }: Record<string, unknown>): ReadonlySet<string> =>
  new Set(typeof scope === 'string' ? scope.split(' ') : []);
