import { Kept, type Lifetime } from './kept.js';

/** Members of the metadata that a resource server uses. @see RFC 8414 §2 */
export interface IssuerMetadata {
  jwks_uri?: string;
  introspection_endpoint?: string;
}

/** Time after which the metadata is fetched again, in milliseconds. */
const HOUR_MS = 3_600_000;

/**
 * Reads the metadata of an issuer and keeps it. The document of RFC 8414 comes first, then that of OpenID Connect.
 *
 * @param fetch returns the body at an address
 * @see RFC 8414 §3, OpenID Connect Discovery 1.0 §4
 */
export function issuerMetadata(issuer: string, fetch: (url: URL) => Promise<Buffer>): () => Promise<IssuerMetadata> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname === '/' ? '' : pathname;
  const read = async (url: string): Promise<IssuerMetadata> => {
    const metadata = JSON.parse((await fetch(new URL(url))).toString('utf8')) as IssuerMetadata & { issuer?: unknown };
    if (metadata.issuer !== issuer) throw new Error(`issuer in the document at ${url} is not ${issuer}`);
    return metadata;
  };
  const kept = new Kept<IssuerMetadata & Lifetime>(async () => {
    const metadata = await read(`${origin}/.well-known/oauth-authorization-server${path}`).catch(() =>
      read(`${origin}${path}/.well-known/openid-configuration`),
    );
    const now = performance.now();
    return { ...metadata, refreshAt: now + HOUR_MS, staleAt: Infinity, deadAt: Infinity };
  });
  return () => kept.get();
}
