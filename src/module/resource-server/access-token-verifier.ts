import type { IncomingMessage } from 'node:http';
import { checkDpopProof, DPOP_ALGORITHMS, type DpopProof } from '../caller/access-token/dpop-proof.js';
import { presentedToken } from '../caller/access-token/presented-token.js';
import { certificateThumbprint, checkBinding } from '../caller/access-token/token-binding.js';
import { guardedRequest, type GuardedRequestOptions, UnexpectedStatus } from '../caller/keys/guarded-request.js';
import { RemoteJwks } from '../caller/keys/remote-jwks.js';
import { isProduction } from '../options/startup.options.js';
import { asRefusal, RevocationError } from '../revocation.errors.js';
import { type AccessToken, setAccessToken } from './access-token.js';
import { issuerMetadata } from './issuer-metadata.js';
import {
  type ResolvedResourceServerOptions,
  resolveResourceServerOptions,
  type ResourceServerOptions,
} from './options.js';
import { StatusLists } from './status-lists.js';
import { byEpoch, byStatusList, introspectionSource, jwtSource, type TokenSource } from './token-sources.js';
import { UsedProofs } from './used-proofs.js';

/** Maximum time a request waits for the issuer, in milliseconds. */
const TIMEOUT_MS = 5000;
/** Maximum size of a status list token, in bytes. */
const LIST_BYTES_MAX = 4_000_000;
/** Maximum length of an access token, in characters. */
const TOKEN_MAX = 16_384;

/** The answer to a request whose token is rejected. @publicApi */
export interface Rejection {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Readonly<Record<string, string>>;
}

/**
 * Verifies access tokens for an API: signature, issuer, audience, dates, binding to a key or certificate, and whether the
 * token has ended since it was issued.
 *
 * @publicApi
 */
export class AccessTokenVerifier {
  private readonly options: ResolvedResourceServerOptions;
  private readonly source: TokenSource;
  private readonly proofs = new UsedProofs();

  /** @throws Error that names every invalid option */
  constructor(options: ResourceServerOptions) {
    this.options = resolveResourceServerOptions(options);
    this.source = sourceOf(this.options);
  }

  /**
   * Verifies the token of a request, and remembers it for `accessTokenOf(request)`.
   *
   * @param request Node's request
   * @throws RevocationError `accessTokenMissing`, `invalidToken`, `boundToken`, `keyOfAnotherToken` or `dpopProof…` (401),
   *   `unavailable` (503) if the issuer cannot be asked
   * @see RFC 6750 §2.1, RFC 9449 §7.1, RFC 8705 §3
   */
  async verify(request: IncomingMessage): Promise<AccessToken> {
    const { authorization } = request.headers;
    if (authorization === undefined) throw new RevocationError('accessTokenMissing');
    const { value, isDpop } = presentedToken(authorization);
    if (value.length > TOKEN_MAX) throw new RevocationError('invalidToken');
    const found = await available(() => this.source.read(value));
    if (!found) throw new RevocationError('invalidToken');
    const proof = isDpop ? await this.proofOf(request, value) : undefined;
    const x5t = certificateThumbprint(found, () => this.options.clientCertificate?.(request));
    checkBinding(found, { jkt: proof?.thumbprint, 'x5t#S256': x5t });
    if (proof && !this.proofs.use(proof)) throw new RevocationError('dpopProofReplayed');
    const isLive = found.isLive ?? (await available(() => this.source.isLive(found.token, value)));
    if (!isLive) throw new RevocationError('invalidToken');
    setAccessToken(request, found.token);
    values.set(found.token, value);
    return found.token;
  }

  /**
   * Returns whether a verified token is still valid.
   *
   * @throws RevocationError `unavailable`
   */
  async isLive(token: AccessToken): Promise<boolean> {
    const { exp } = token.claims;
    if (typeof exp === 'number' && exp * 1000 <= Date.now()) return false;
    return available(() => this.source.isLive(token, values.get(token) ?? ''));
  }

  /**
   * Calls `onEnded` once when the token of a long connection, such as a WebSocket, has ended, or when its state cannot be
   * checked. Close the connection then.
   *
   * @param seconds between two checks
   * @returns a function that stops the checks: call it when the connection is closed
   */
  watch(token: AccessToken, onEnded: () => void, seconds = 5): () => void {
    const timer = setInterval(() => {
      void this.isLive(token)
        .catch(() => false)
        .then((isLive) => {
          if (isLive || stopped) return;
          stop();
          onEnded();
        });
    }, seconds * 1000);
    timer.unref();
    let stopped = false;
    const stop = (): void => {
      stopped = true;
      clearInterval(timer);
    };
    return stop;
  }

  private proofOf(request: IncomingMessage, accessToken: string): Promise<DpopProof> {
    const { baseUrl } = this.options;
    if (baseUrl === undefined) throw new RevocationError('invalidToken', { details: 'baseUrl is not set' });
    const { originalUrl = request.url ?? '' } = request as { originalUrl?: string };
    const proofs = request.headersDistinct['dpop'] ?? [];
    return checkDpopProof(proofs, { method: request.method ?? '', url: baseUrl + originalUrl, accessToken });
  }
}

/** The values of verified tokens, which introspection needs to check them again. */
const values = new WeakMap<AccessToken, string>();

/** Creates a verifier. @throws Error that names every invalid option @publicApi */
export const createAccessTokenVerifier = (options: ResourceServerOptions): AccessTokenVerifier =>
  new AccessTokenVerifier(options);

/**
 * Returns the answer for an error of {@link AccessTokenVerifier.verify}.
 *
 * @throws the error itself if it is another one
 * @see RFC 6750 §3, RFC 9449 §7.1, RFC 9110 §10.2.3
 * @publicApi
 */
export function rejectionOf(error: unknown, authorization = ''): Rejection {
  if (!(error instanceof RevocationError)) throw error;
  const { message, reason } = error;
  const isMissing = reason === 'accessTokenMissing';
  const scheme = /^DPoP /i.test(authorization) ? `DPoP algs="${DPOP_ALGORITHMS.join(' ')}"` : 'Bearer';
  const details = isMissing
    ? ''
    : `${scheme === 'Bearer' ? ' ' : ', '}error="${error.error}", error_description="${message}"`;
  return {
    status: error.status,
    headers: {
      'Cache-Control': 'no-store',
      ...(error.status === 401 && { 'WWW-Authenticate': scheme + details }),
      ...(error.retryAfter !== undefined && { 'Retry-After': String(error.retryAfter) }),
    },
    body: isMissing ? { error_description: message } : { error: error.error, error_description: message },
  };
}

function sourceOf(options: ResolvedResourceServerOptions): TokenSource {
  const { issuer, jwksUri, introspection, epochs, allowedHosts, ca } = options;
  const guard = { allowedHosts, ca, http: !isProduction() };
  const fetch = (url: URL, accept: string, more: Partial<GuardedRequestOptions> = {}): Promise<Buffer> =>
    guardedRequest(url, { ...guard, accept, signal: AbortSignal.timeout(TIMEOUT_MS), ...more });
  const metadata = issuerMetadata(issuer, (url) => fetch(url, 'application/json'));
  if (introspection) {
    const { clientId, clientSecret, endpoint } = introspection;
    const pair = [clientId, clientSecret].map((each) => encodeURIComponent(each).replaceAll('%20', '+')).join(':');
    const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    return introspectionSource(options, introspection, async (form) => {
      const url = new URL(endpoint ?? (await metadata('introspection_endpoint')));
      const content = { type: 'application/x-www-form-urlencoded', body: form.toString() };
      const options = { content, authorization, explained: 400 };
      const answer = await fetch(url, 'application/json', options).catch(inactiveIfUnsupported);
      return JSON.parse(answer.toString('utf8')) as Record<string, unknown>;
    });
  }
  const remote = new RemoteJwks(guard);
  const keys: Parameters<typeof jwtSource>[1] = async (header, token) =>
    remote.at(jwksUri ?? (await metadata('jwks_uri')))(header, token);
  if (epochs) return jwtSource(options, keys, byEpoch(epochs));
  const lists = new StatusLists(issuer, keys, (url) =>
    fetch(url, 'application/statuslist+jwt', { bytesMax: LIST_BYTES_MAX }),
  );
  return jwtSource(options, keys, byStatusList(issuer, lists));
}

/** A server that introspects opaque tokens only, such as oidc-provider, refuses a JWT. Its other refusals say nothing about the token. */
function inactiveIfUnsupported(error: unknown): Buffer {
  if (error instanceof UnexpectedStatus && error.refusal.includes('"unsupported_token_type"'))
    return Buffer.from('{"active":false}');
  throw error;
}

/** Runs a check. If it fails, the answer is 503: an unknown state is never accepted. */
async function available<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw asRefusal(cause);
  }
}
