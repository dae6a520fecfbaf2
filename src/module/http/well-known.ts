/** Returns the paths at which clients look for the metadata of an issuer. @see RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4 */
export function wellKnownPaths(issuer: string): Record<'oauth' | 'openid', string> {
  const path = new URL(issuer).pathname.replace(/\/$/, '');
  return {
    oauth: `/.well-known/oauth-authorization-server${path}`,
    openid: `${path}/.well-known/openid-configuration`,
  };
}
