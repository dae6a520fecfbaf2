import type { JWK } from 'jose';
import { CommandFailure } from './failure.js';

/** The checked members of a discovery document. */
export interface PublishedMetadata {
  issuer?: unknown;
  jwks_uri?: unknown;
  global_token_revocation_endpoint?: unknown;
}

const PATIENCE_MS = 5000;

/** The answer of a server: a JSON value, or the reason why there is none. */
type Reply = { json: unknown } | { status: number } | { error: string };

/** Reads the discovery document of a running server. @throws CommandFailure if there is none. @see RFC 8414 §3 */
export async function readMetadata(issuer: string): Promise<PublishedMetadata> {
  const base = issuer.replace(/\/$/, '');
  const replies: Array<readonly [url: string, reply: Reply]> = [];
  for (const url of addressesOf(base)) {
    const reply = await replyOf(url);
    if ('error' in reply) throw failure(`${base} does not answer (${reply.error})`, NOT_RUNNING);
    const document = 'json' in reply ? documentIn(url, reply.json) : undefined;
    if (document) return document;
    replies.push([url, reply]);
  }
  const answers = replies.map(([url, reply]) => `${url}: ${'status' in reply ? reply.status : 'not a JSON object'}`);
  const isNowhere = replies.every(([, reply]) => 'status' in reply && reply.status === 404);
  const problem = isNowhere ? 'no controller publishes the metadata' : 'the metadata cannot be read';
  throw failure(`${problem} (${answers.join('; ')})`, SERVE);
}

const NOT_RUNNING = 'start the server, or check that the issuer is its address';
const SERVE = 'set the option `metadata` of GlobalRevocationModule, so that the module serves it';

const failure = (problem: string, fix: string): CommandFailure => new CommandFailure('failed', `${problem}: ${fix}`);

/** Returns the possible URLs; many servers have the second document below their issuer too. */
function addressesOf(base: string): string[] {
  const { origin, pathname } = new URL(base);
  const [openid, oauth] = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
  return [...new Set([base + openid, origin + oauth + pathname.replace(/\/$/, ''), base + oauth])];
}

/** @throws CommandFailure for a document inside a response wrapper */
function documentIn(url: string, json: unknown): PublishedMetadata | undefined {
  if (!isObject(json)) return undefined;
  const wrapper = 'issuer' in json ? undefined : Object.keys(json).find((name) => isDocument(json[name]));
  if (wrapper === undefined) return json;
  const problem = `the document at ${url} is wrapped in \`${wrapper}\`, where no client looks for it`;
  throw failure(problem, `exclude this route from the interceptor, or remove the route, and ${SERVE}`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isDocument = (value: unknown): boolean => isObject(value) && typeof value['issuer'] === 'string';

/** Reads the keys at `jwks_uri`. @throws CommandFailure if there are none, or one is private. @see RFC 7517 §5 */
export async function readKeys(uri: string): Promise<JWK[]> {
  const reply = await replyOf(uri);
  const jwks = 'json' in reply && isObject(reply.json) ? reply.json : {};
  const keys = Array.isArray(jwks['keys']) ? (jwks['keys'] as JWK[]) : [];
  if (keys.length === 0) throw new CommandFailure('failed', `${uri} has no keys: configure signing keys`);
  if (keys.some((key) => 'd' in key || 'k' in key)) {
    const fix = 'publish only public keys, and replace these keys at once';
    throw new CommandFailure('failed', `${uri} publishes private keys: ${fix}`);
  }
  return keys;
}

async function replyOf(url: string): Promise<Reply> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'manual' });
    if (!response.ok) return { status: response.status };
    return { json: await response.json().catch(() => undefined) };
  } catch (error) {
    const { cause, message } = error as Error;
    return { error: cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : message };
  }
}
