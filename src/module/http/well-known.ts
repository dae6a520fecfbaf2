/** Paths of the metadata of an issuer. */
interface WellKnownPaths {
  /** Path with the well-known part before the path of the issuer. @see RFC 8414 §3.1 */
  oauth: string;
  /** Path with the well-known part after the path of the issuer. @see OpenID Connect Discovery 1.0 §4 */
  openid: string;
}

/** Returns where clients look for the metadata of an issuer. */
export function wellKnownPaths(issuer: string): WellKnownPaths {
  const path = new URL(issuer).pathname.replace(/\/$/, '');
  return {
    oauth: `/.well-known/oauth-authorization-server${path}`,
    openid: `${path}/.well-known/openid-configuration`,
  };
}
