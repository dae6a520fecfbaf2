import { Inject, Injectable } from '@nestjs/common';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { RevocationError } from '../../revocation.errors.js';
import { guardedGet } from './guarded-get.js';
import { namelessKeysOf } from './key-set.js';

const TIMEOUT_MS = 5000;
/** After a fetch, an unknown `kid` does not lead to another for so long. */
const COOLDOWN_MS = 30_000;
/** After a fetch that failed: as long as `Retry-After` says. */
const FAILED_COOLDOWN_MS = 5000;
const MAX_AGE_MS = 600_000;
/** Sets that are kept; more are fetched again when they are needed. */
const SETS_MAX = 1000;

/** Key sets that are fetched from their issuer, kept for ten minutes. @see RFC 7517 §5, RFC 8725 §3.10 @publicApi */
@Injectable()
export class RemoteJwks {
  private readonly sets = new Map<string, JWTVerifyGetKey>();
  private readonly options: ResolvedOptions['remoteJwks'];

  constructor(@Inject(GLOBAL_REVOCATION_OPTIONS) { remoteJwks }: Pick<ResolvedOptions, 'remoteJwks'>) {
    this.options = remoteJwks;
  }

  /**
   * The keys at an address.
   *
   * @throws RevocationError `unavailable` (from what it returns) when they are needed and cannot be fetched
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

  /** Reads what is at an address, by the rules of {@link RemoteJwksOptions}. @throws Error */
  async read(url: URL, signal: AbortSignal): Promise<string> {
    const body = await guardedGet(url, { ...this.options, signal });
    return body.toString('utf8');
  }

  private open(url: URL): JWTVerifyGetKey {
    const keys = createRemoteJWKSet(url, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: MAX_AGE_MS,
      [customFetch]: this.fetcher(url),
    });
    return async (header, token) => {
      try {
        return await keys(header, token);
      } catch (cause) {
        const isUnknown = cause instanceof errors.JWKSNoMatchingKey && header.kid !== undefined;
        if (isUnknown) return namelessKeysOf(keys.jwks()!)(header, token);
        if (ABOUT_THE_TOKEN.some((kind) => cause instanceof kind)) throw cause;
        throw new RevocationError('unavailable', { cause, details: 'keys' });
      }
    };
  }

  private fetcher(url: URL): (href: string, init: { signal: AbortSignal }) => Promise<Response> {
    let failed: { at: number; error: unknown } | undefined;
    return async (_href, { signal }) => {
      if (failed && Date.now() < failed.at + FAILED_COOLDOWN_MS) throw failed.error;
      try {
        const jwks = JSON.parse(await this.read(url, signal)) as JSONWebKeySet;
        createLocalJWKSet(jwks); // what is none is a fetch that failed
        return Response.json(jwks);
      } catch (error) {
        failed = { at: Date.now(), error };
        throw error;
      }
    };
  }
}

/** Faults that say nothing about the keys but that none of them fits. */
const ABOUT_THE_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];
