import { type Answer, jsonOf, send } from './http.js';
import { Mismatch } from './outcome.js';

export type Metadata = Record<string, unknown>;

/**
 * Returns possible URLs of an issuer's metadata: with the well-known name after or before the path of the issuer.
 *
 * @see OpenID Connect Discovery 1.0 §4, RFC 8414 §3.1, §5
 */
function documentsOf(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const names = ['openid-configuration', 'oauth-authorization-server'].map((name) => `/.well-known/${name}`);
  return [...new Set([...names.map((name) => origin + path + name), ...names.map((name) => origin + name + path)])];
}

/** Fetches the metadata of an authorization server. @throws Mismatch if there is none */
export async function discover(issuer: string): Promise<Metadata> {
  const documents = documentsOf(issuer);
  let answer: Answer | undefined;
  for (const url of documents) {
    answer = await send(url);
    const metadata = answer.status === 200 ? jsonOf(answer) : undefined;
    if (metadata) return metadata;
  }
  throw new Mismatch(`no JSON object at any of ${documents.join(', ')}: status ${answer?.status}`);
}
