import type { IdentifierFormat } from './identifier-format.js';
import { PATH_ABEMPTY, PCT_ENCODED, QUERY_AND_FRAGMENT } from './uri-syntax.js';

const IDCHAR = `(?:[A-Za-z0-9._\\-]|${PCT_ENCODED})`;
const DID = `did:[a-z0-9]+:(?:${IDCHAR}*:)*${IDCHAR}+`;
const DID_URL = new RegExp(`^${DID}${PATH_ABEMPTY}${QUERY_AND_FRAGMENT}$`);

/** Returns a valid DID or DID URL unchanged. @see RFC 9493 §3.2.6, Decentralized Identifiers (DIDs) v1.0 §3.1, §3.2 */
export const exactDid = (url: string): string | undefined => (DID_URL.test(url) ? url : undefined);

/** @see RFC 9493 §3.2.6 */
export const did = {
  title: 'Decentralized identifier',
  members: { url: { description: 'DID or DID URL.', pattern: '^did:' } },
  member: 'url',
  canonical: exactDid,
  example: { url: 'did:example:alice' },
  exampleNote: 'if users have one',
} as const satisfies IdentifierFormat;
