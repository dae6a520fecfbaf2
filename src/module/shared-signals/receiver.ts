import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { BearerStrategy } from '../caller/access-token/bearer.strategy.js';
import type { Caller } from '../caller/caller.js';
import { CallerRateLimits } from '../caller/rate-limits.js';
import { sentCredentials } from '../caller/sent-credentials.js';
import { sourceIp } from '../http/source-address.js';
import { RevocationError } from '../revocation.errors.js';
import { SsfRefusal } from './ssf-refusal.js';

/** Scopes of receivers, which no person's token has. `manage` includes `read`. */
export const SCOPES = { read: 'ssf.read', manage: 'ssf.manage' } as const;

/** Scopes of receivers, for the authorization server: never grant them by default, nor to a person. @publicApi */
export const SHARED_SIGNALS_SCOPES: readonly string[] = Object.values(SCOPES);

export type Access = keyof typeof SCOPES;

const mayRead = ({ scopes }: Caller): boolean => scopes.has(SCOPES.read) || mayManage(scopes);

/** Returns whether a receiver may change its stream, and see its secrets. */
export const mayManage = (scopes: ReadonlySet<string>): boolean => scopes.has(SCOPES.manage);

/** Authenticates receivers by access tokens of this server, in the header only. @see RFC 6750 §2.1, RFC 6749 §4.4 */
@Injectable()
export class Receivers {
  constructor(
    @Inject(BearerStrategy) private readonly bearer: BearerStrategy,
    @Inject(CallerRateLimits) private readonly limits: CallerRateLimits,
  ) {}

  /**
   * Returns the receiver of a request.
   *
   * @param url published URL of the request, for DPoP proofs
   * @throws RevocationError `credentialsMissing`, `severalCredentials`, `invalidToken` and others of tokens, `tooManyCalls`,
   *   `tooManyFailures`, `unavailable`; SsfRefusal `insufficient_scope`
   */
  async of(request: IncomingMessage, url: string, access: Access): Promise<Caller> {
    const { authorization = '' } = request.headers;
    // A token in the query is not one more credential, it is none
    if (authorization === '') throw new RevocationError('credentialsMissing');
    if (sentCredentials(request) > 1) throw new RevocationError('severalCredentials');
    const may = access === 'manage' ? ({ scopes }: Caller) => mayManage(scopes) : mayRead;
    const caller = await this.authenticated(request, authorization, url, may);
    await this.limits.called(caller.id);
    if (may(caller)) return caller;
    const scope = SCOPES[access];
    const text = `the scope ${scope} of a client's own token is required`;
    throw new SsfRefusal(403, 'insufficient_scope', text, undefined, scope);
  }

  private async authenticated(
    request: IncomingMessage,
    authorization: string,
    url: string,
    may: (caller: Caller) => boolean,
  ): Promise<Caller> {
    try {
      if (this.bearer.handles(authorization)) return await this.bearer.authenticate(request, url, may);
      throw new RevocationError('invalidToken');
    } catch (error) {
      const isRefused = error instanceof RevocationError && error.status === 401;
      if (isRefused) await this.limits.failed(sourceIp(request), '', error);
      throw error;
    }
  }
}
