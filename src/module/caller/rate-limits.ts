import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type ThrottlerStorage, ThrottlerStorageService } from '@nestjs/throttler';
import ipaddr from 'ipaddr.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { sha256Hex } from '../database/digest.js';
import { sourceAddress } from '../http/source-address.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { type RefusalOptions, type RefusalReason, RevocationError } from '../revocation.errors.js';

/** Bytes of an IPv6 /64, the smallest network a provider assigns to a customer. @see RFC 6177 §2 */
const IPV6_BYTES = 8;

/**
 * Counts failed credentials, calls, and what is stored for nobody. Only failed credentials count against a source address, so a caller with valid
 * credentials is admitted however many others guess.
 *
 * @see RFC 6585 §4, RFC 6749 §2.3.1
 */
@Injectable()
export class CallerRateLimits implements OnApplicationShutdown {
  private readonly limits: Omit<ResolvedOptions['rateLimits'], 'storage'>;
  private readonly own = new ThrottlerStorageService();
  private readonly storage: ThrottlerStorage;

  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) { rateLimits }: Pick<ResolvedOptions, 'rateLimits'>,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {
    this.limits = rateLimits;
    this.storage = rateLimits.storage ?? this.own;
  }

  onApplicationShutdown(): void {
    this.own.onApplicationShutdown();
  }

  /**
   * Counts a rejected credential. Each source has 256 buckets for all client ids, so it can neither fill the memory nor find
   * out whether a client exists.
   *
   * @param clientId as sent, or `iss` of an assertion; never stored
   * @param refusal goes to the log with `tooManyFailures`
   * @throws RevocationError `tooManyFailures` (429), `unavailable` if the store does not answer
   */
  failed(source: string, clientId: string, refusal?: RevocationError): Promise<void> {
    const bucket = sha256Hex(clientId).slice(0, 2);
    const details = refusal && [refusal.reason, refusal.details].filter((each) => each !== undefined).join(': ');
    return this.count('failures', `${networkOf(source)}:${bucket}`, 'tooManyFailures', { details, jti: refusal?.jti });
  }

  /** Counts a call of an authenticated caller. @throws RevocationError `tooManyCalls` (429), `unavailable` */
  async called(callerId: string): Promise<void> {
    await this.count('calls', sha256Hex(callerId), 'tooManyCalls');
    await this.count('total', 'all', 'tooManyCalls');
  }

  /** Counts a record that a source stores before somebody signs in. @throws RevocationError `tooManyCalls` (429), `unavailable` */
  stored(source: string): Promise<void> {
    return this.count('records', networkOf(source), 'tooManyCalls');
  }

  private async count(
    name: keyof typeof this.limits,
    key: string,
    reason: RefusalReason,
    log: RefusalOptions = {},
  ): Promise<void> {
    const rule = this.limits[name];
    if (rule === false) return;
    const ttl = rule.ttlSeconds * 1000;
    const work = () => this.storage.increment(`gtr:${name}:${key}`, ttl, rule.limit, ttl, name);
    const { isBlocked, timeToBlockExpire } = await this.deadline.run(work);
    if (isBlocked) throw new RevocationError(reason, { ...log, retryAfter: Math.max(1, timeToBlockExpire) });
  }
}

/** Returns the network of an address: an IPv6 /64 counts as one source. @publicApi */
export function networkOf(source: string): string {
  const address = sourceAddress(source);
  if (address === '') return 'unknown'; // a name could change with every try
  return Buffer.from(ipaddr.parse(address).toByteArray().slice(0, IPV6_BYTES)).toString('hex');
}
