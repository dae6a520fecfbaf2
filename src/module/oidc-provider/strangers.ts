import Provider, { type AdapterPayload } from 'oidc-provider';
import type { CallerRateLimits } from '../caller/rate-limits.js';
import { sourceIp } from '../http/source-address.js';
import { requestUnderWay } from './epoch-context.js';
import { orUnavailable } from './unavailable.js';

/** Longest lifetime of a record that anybody can make by opening a page, in seconds. */
const LIFETIME = 3600;

/** Longest payloads of records that anybody can make, in characters. */
const LENGTHS: Partial<Record<string, number>> = { Session: 4096, Interaction: 16_384, DeviceCode: 16_384 };

/** Models that a browser makes by opening a page. */
const OF_BROWSERS = new Set(['Session', 'Interaction']);

/** Models that a client makes. One that keeps no secret may be anybody. */
const OF_CLIENTS = new Set(['DeviceCode', 'PushedAuthorizationRequest']);

/** Returns the lifetime in seconds of a record without an account. */
export const strangersLifetime = (kind: string, expiresIn: number | undefined): number | undefined =>
  OF_BROWSERS.has(kind) ? Math.min(expiresIn ?? LIFETIME, LIFETIME) : expiresIn;

/** Returns whether a record without an account is longer than anybody may make it. The limit of a pushed request is its own. */
export const isTooLong = (kind: string, payload: AdapterPayload): boolean => {
  const longest = LENGTHS[kind];
  return longest !== undefined && payload.parJti === undefined && JSON.stringify(payload).length > longest;
};

/** Limits how many records one source makes before somebody signs in. */
export class Strangers {
  constructor(private readonly limits: Pick<CallerRateLimits, 'stored'>) {}

  /** @throws errors.OIDCProviderError 429 beyond the limit, 503 if the store of the counters does not answer */
  async admit(kind: string): Promise<void> {
    const request = requestUnderWay();
    if (!request || !isOfAnybody(kind)) return;
    await orUnavailable(this.limits.stored(sourceIp(request)));
  }
}

const isOfAnybody = (kind: string): boolean =>
  OF_BROWSERS.has(kind) || (OF_CLIENTS.has(kind) && Provider.ctx?.oidc.client?.clientAuthMethod === 'none');
