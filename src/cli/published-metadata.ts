import type { JWK } from 'jose';
import { CommandFailure } from './failure.js';

/** What is looked at in a discovery document. */
export interface PublishedMetadata {
  issuer?: unknown;
  jwks_uri?: unknown;
  global_token_revocation_endpoint?: unknown;
}

const PATHS = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
const PATIENCE_MS = 5000;

/** The discovery document of a running server. @throws CommandFailure when there is none. @see RFC 8414 §3 */
export async function readMetadata(issuer: string): Promise<PublishedMetadata> {
  const base = issuer.replace(/\/$/, '');
  const answers: string[] = [];
  for (const path of PATHS) {
    const answer = await getJson(`${base}${path}`);
    if (typeof answer === 'object') return answer;
    answers.push(`${path}: ${answer}`);
  }
  const fix = 'start the server, or check that the issuer is its address';
  throw new CommandFailure('failed', `${base} has no discovery document (${answers.join('; ')}): ${fix}`);
}

/** The public keys at `jwks_uri`. @throws CommandFailure when there are none, or one is private. @see RFC 7517 §5 */
export async function readKeys(uri: string): Promise<JWK[]> {
  const jwks = await getJson(uri);
  const keys = typeof jwks === 'object' && Array.isArray(jwks['keys']) ? (jwks['keys'] as JWK[]) : [];
  if (keys.length === 0) throw new CommandFailure('failed', `${uri} has no keys: configure signing keys`);
  if (keys.some((key) => 'd' in key || 'k' in key)) {
    const fix = 'publish only public keys, and replace these keys at once';
    throw new CommandFailure('failed', `${uri} publishes private keys: ${fix}`);
  }
  return keys;
}

/** A JSON document, or why there is none. */
async function getJson(url: string): Promise<Record<string, unknown> | string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
    if (!response.ok) return String(response.status);
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : 'not a JSON object';
  } catch (error) {
    const { cause, message } = error as Error;
    return cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : message;
  }
}
