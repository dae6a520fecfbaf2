import { createHash } from 'node:crypto';
import type { JWTVerifyGetKey } from 'jose';
import { issuedToken, TOLERANCE_SECONDS, verifiedClaims } from '../caller/access-token/jwt-access-tokens.js';
import type { IssuedToken } from '../caller/access-token/issued-token.js';
import type { AccessToken } from './access-token.js';
import type { CurrentEpochs, ResolvedIntrospection, ResourceServerOptions } from './options.js';
import { statusReference } from './status-list.js';
import type { StatusLists } from './status-lists.js';

type Claims = Readonly<Record<string, unknown>>;

/** A token as its source knows it. */
interface SourcedToken extends Pick<IssuedToken, 'cnf'> {
  token: AccessToken;
  /** Whether the token has not ended; undefined if only {@link TokenSource.isLive} tells. */
  isLive?: boolean;
}

/** Reads tokens and checks whether they have ended. */
export interface TokenSource {
  /** Returns a valid token, which may have ended. @throws Error if the source does not answer */
  read(value: string): Promise<SourcedToken | undefined>;
  /** Returns whether the token has not ended. @throws Error if the source does not answer */
  isLive(token: AccessToken, value: string): Promise<boolean>;
}

/** JWTs that are verified here. @see RFC 9068 §4 */
export function jwtSource(
  { issuer, audience }: ResourceServerOptions,
  keys: JWTVerifyGetKey,
  isLive: (token: AccessToken) => Promise<boolean>,
): TokenSource {
  return {
    async read(value) {
      const claims = await verifiedClaims(value, { issuer, audience, keys });
      return claims && sourced(issuedToken(claims), claims);
    },
    isLive,
  };
}

/** Rejects tokens without a status, also those of clients, because their issuer may have forgotten it. */
export const byStatusList =
  (issuer: string, lists: StatusLists) =>
  async ({ claims }: AccessToken): Promise<boolean> => {
    const reference = statusReference(claims['status'], new URL(issuer).origin);
    return reference !== undefined && (await lists.isValid(reference));
  };

/**
 * Compares the epoch of a person's token. A client's own token has none: one with an epoch is that of a person whose account id is also
 * that of the client.
 */
export const byEpoch =
  (epochs: CurrentEpochs) =>
  async ({ clientId, subject, claims: { epoch } }: AccessToken): Promise<boolean> => {
    if (epoch === undefined) return subject === undefined || epochs.isCurrent(subject, epoch);
    const whose = subject ?? clientId;
    return (typeof epoch === 'string' || typeof epoch === 'number') && epochs.isCurrent(whose, String(epoch));
  };

/** `token_type` of access tokens. An answer about a refresh token has none, or another. @see RFC 7662 §2.2, RFC 6749 §5.1, RFC 9449 §5 */
const ACCESS_TOKEN_TYPES: readonly unknown[] = ['bearer', 'dpop'];

/** Maximum number of introspection answers that are kept; the oldest is dropped. */
const ANSWERS_MAX = 10_000;

/**
 * Asks the authorization server about tokens of any kind.
 *
 * @param ask sends the form and returns the JSON of the answer
 * @see RFC 7662 §2.1, §2.2
 */
export function introspectionSource(
  { issuer, audience }: ResourceServerOptions,
  { cacheSeconds }: ResolvedIntrospection,
  ask: (form: URLSearchParams) => Promise<Claims>,
): TokenSource {
  const answers = new Map<string, { until: number; answer: Promise<Claims> }>();
  const accepted = [audience].flat();
  const introspect = (token: string): Promise<Claims> => {
    const key = createHash('sha256').update(token).digest('base64url');
    const now = performance.now();
    const known = answers.get(key);
    if (known && now < known.until) return known.answer;
    const answer = ask(new URLSearchParams({ token, token_type_hint: 'access_token' }));
    if (cacheSeconds === 0) return answer;
    answers.delete(key);
    const [oldest] = answers.keys();
    if (oldest !== undefined && answers.size >= ANSWERS_MAX) answers.delete(oldest);
    answers.set(key, { until: now + cacheSeconds * 1000, answer });
    answer.catch(() => answers.delete(key));
    return answer;
  };
  const isActive = ({ active, token_type: type, iss = issuer, aud = accepted, exp }: Claims): boolean =>
    active === true &&
    ACCESS_TOKEN_TYPES.includes(typeof type === 'string' && type.toLowerCase()) &&
    iss === issuer &&
    [aud].flat().some((each) => accepted.includes(each as string)) &&
    (typeof exp !== 'number' || exp + TOLERANCE_SECONDS > Date.now() / 1000);
  return {
    async read(value) {
      const claims = await introspect(value);
      const { client_id: clientId, sub = clientId } = claims;
      const found = isActive(claims) ? sourced(issuedToken({ ...claims, sub: sub as string }), claims) : undefined;
      return found && { ...found, isLive: true };
    },
    isLive: async (_, value) => isActive(await introspect(value)),
  };
}

function sourced(issued: IssuedToken | undefined, claims: Claims): SourcedToken | undefined {
  if (!issued) return undefined;
  const { clientId, scope, subject, cnf } = issued;
  const scopes = new Set(scope.split(' ').filter((each) => each !== ''));
  const token = { clientId, ...(subject !== undefined && { subject }), scopes, claims };
  return { token, ...(cnf && { cnf }) };
}
