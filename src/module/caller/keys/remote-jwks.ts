import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import type { RemoteJwksOptions } from '../../options/public-keys.options.js';
import { RevocationError } from '../../revocation.errors.js';
import { guardedRequest } from './guarded-request.js';
import { namelessKeysOf } from './key-set.js';

const TIMEOUT_MS = 5000;
/** Time between two fetches for unknown keys, which their issuer may just have published. */
const UNKNOWN_KEY_MS = 5000;
/** Time after a failed fetch without another try; the same as the answer's `Retry-After`. */
const FAILED_COOLDOWN_MS = 5000;
const MAX_AGE_MS = 600_000;
/** Maximum number of cached key sets; the oldest is dropped. */
const SETS_MAX = 1000;

/** Fetches key sets and caches them for ten minutes. @see RFC 7517 §5, RFC 8725 §3.10 @publicApi */
export class RemoteJwks {
  private readonly sets = new Map<string, JWTVerifyGetKey>();

  /** @param options its members `allowedHosts` and `ca`, and whether http is possible on loopback addresses */
  constructor(private readonly options: Required<RemoteJwksOptions> & { http?: boolean }) {}

  /**
   * Returns the keys at an address.
   *
   * @throws RevocationError `unavailable` when a key is needed and cannot be fetched
   */
  at(uri: string): JWTVerifyGetKey {
    const known = this.sets.get(uri);
    if (known) return known;
    const [oldest] = this.sets.keys();
    if (oldest !== undefined && this.sets.size >= SETS_MAX) this.sets.delete(oldest);
    const set = this.open(new URL(uri));
    this.sets.set(uri, set);
    return set;
  }

  /** Fetches an address under the rules of {@link RemoteJwksOptions}. @throws Error */
  async read(url: URL, signal: AbortSignal): Promise<string> {
    const body = await guardedRequest(url, { ...this.options, signal });
    return body.toString('utf8');
  }

  private open(url: URL): JWTVerifyGetKey {
    let fetched = 0;
    let fetchedAt = Infinity; // the times of jose are those of the wall clock, which may be set back
    const keys = createRemoteJWKSet(url, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: Infinity, // unknown keys are handled below
      cacheMaxAge: Infinity,
      [customFetch]: this.fetcher(url, () => {
        fetched += 1;
        fetchedAt = performance.now();
      }),
    });
    const lookAgain = oncePer(UNKNOWN_KEY_MS, keys.reload);
    return async (header, token) => {
      const before = fetched;
      try {
        if (performance.now() - fetchedAt > MAX_AGE_MS) await keys.reload();
        return await keys(header, token).catch(async (cause: unknown) => {
          // Do not fetch again what this call has just fetched.
          if (!(cause instanceof errors.JWKSNoMatchingKey) || before !== fetched) throw cause;
          await lookAgain();
          return keys(header, token);
        });
      } catch (cause) {
        const isUnknown = cause instanceof errors.JWKSNoMatchingKey && header.kid !== undefined;
        if (isUnknown) return namelessKeysOf(keys.jwks()!)(header, token);
        if (ABOUT_THE_TOKEN.some((kind) => cause instanceof kind)) throw cause;
        throw new RevocationError('unavailable', { cause: failureAt(url, cause), details: 'keys' });
      }
    };
  }

  private fetcher(
    url: URL,
    whenFetched: () => void,
  ): (href: string, init: { signal: AbortSignal }) => Promise<Response> {
    let failed: { at: number; error: unknown } | undefined;
    return async (_href, { signal }) => {
      if (failed && performance.now() < failed.at + FAILED_COOLDOWN_MS) throw failed.error;
      try {
        const jwks = JSON.parse(await this.read(url, signal)) as JSONWebKeySet;
        createLocalJWKSet(jwks); // throws for an invalid set
        whenFetched();
        return Response.json(jwks);
      } catch (error) {
        failed = { at: performance.now(), error };
        throw error;
      }
    };
  }
}

/** Names the address, for the log. Its query may contain a secret. */
const failureAt = (url: URL, cause: unknown): Error =>
  new Error(`${url.origin}${url.pathname}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });

/** Limits `work` to one call in `ms` milliseconds. Callers wait for a call that is running. */
function oncePer(ms: number, work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let begun = -Infinity;
  return async () => {
    if (!running && performance.now() - begun >= ms) {
      begun = performance.now();
      running = work().finally(() => (running = undefined));
    }
    await running;
  };
}

/** Errors about the token, not about fetching the keys. */
const ABOUT_THE_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];
