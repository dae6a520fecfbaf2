import { wellKnownPaths } from '../http/well-known.js';
import { Kept, type Lifetime } from './kept.js';

/** Members of the metadata that a resource server uses. @see RFC 8414 §2 */
type Member = 'jwks_uri' | 'introspection_endpoint';

type Metadata = Partial<Record<Member | 'issuer', unknown>>;

/** Time after which the metadata is fetched again, in milliseconds. */
const HOUR_MS = 3_600_000;

/**
 * Reads the metadata of an issuer and keeps it. The document of RFC 8414 comes first, then that of OpenID Connect.
 *
 * @param fetch returns the body at an address
 * @returns a function that returns a member, and throws an Error if there is none
 * @see RFC 8414 §3, OpenID Connect Discovery 1.0 §4
 */
export function issuerMetadata(
  issuer: string,
  fetch: (url: URL) => Promise<Buffer>,
): (member: Member) => Promise<string> {
  const { oauth, openid } = wellKnownPaths(issuer);
  const read = async (path: string): Promise<Metadata> => {
    const url = new URL(issuer).origin + path;
    const metadata = JSON.parse((await fetch(new URL(url))).toString('utf8')) as Metadata;
    if (metadata.issuer !== issuer) throw new Error(`issuer in the document at ${url} is not ${issuer}`);
    return metadata;
  };
  const kept = new Kept<Metadata & Lifetime>(async () => {
    const metadata = await read(oauth).catch(() => read(openid));
    const now = performance.now();
    return { ...metadata, refreshAt: now + HOUR_MS, staleAt: Infinity, deadAt: Infinity };
  });
  return async (member) => {
    const value = (await kept.get())[member];
    if (typeof value !== 'string') throw new Error(`the metadata of ${issuer} has no ${member}`);
    return value;
  };
}
