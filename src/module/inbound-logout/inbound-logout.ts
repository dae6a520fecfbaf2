import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuditEvents } from '../audit/audit-events.js';
import { IdentifierHash } from '../audit/identifier-hash.js';
import { RequestContext } from '../audit/request-context.js';
import { IdentityProviders } from '../caller/assertion/identity-providers.js';
import { type LogoutToken, verifiedLogoutToken } from '../caller/assertion/logout-token.js';
import type { Caller } from '../caller/caller.js';
import { CallerRateLimits } from '../caller/rate-limits.js';
import { sha256Hex } from '../database/digest.js';
import { observe } from '../endpoint/endpoint-observer.js';
import { writeRefusal } from '../endpoint/refusal.js';
import { FeatureFlags } from '../feature-flags/feature-flags.service.js';
import { onHttpAdapter } from '../http/adapter-host.js';
import type { Interceptor } from '../http/http-adapter.js';
import { requestPath } from '../http/request-target.js';
import { sourceIp } from '../http/source-address.js';
import { urlBelow } from '../options/endpoint.options.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { RevocationService } from '../revocation/revocation.service.js';
import { parseSubjectIdentifier } from '../subject/subject-identifier.js';
import { UserDirectory } from '../subject/user-directory.js';
import { UserLookupService } from '../subject/user-lookup.service.js';
import { EndedSessions } from './ended-sessions.js';
import { logoutRefusal } from './logout-refusal.js';
import { logoutTokenIn } from './logout-request.js';

/**
 * Accepts logout tokens of identity providers that have a `logoutClientId`, before the host's own middleware. Each ends
 * all tokens and sessions of its user, or of one session at the identity provider.
 *
 * @see OpenID.Back-Channel §2.5, §2.7, §2.8
 */
@Injectable()
export class InboundLogout {
  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { issuer, identityProviders, logoutPath }: ResolvedOptions,
    @Inject(AuditEvents) events: AuditEvents,
    @Inject(IdentityProviders) private readonly senders: IdentityProviders,
    @Inject(CallerRateLimits) private readonly limits: CallerRateLimits,
    @Inject(FeatureFlags) private readonly flags: FeatureFlags,
    @Inject(UserDirectory) private readonly directory: UserDirectory,
    @Inject(UserLookupService) private readonly users: UserLookupService,
    @Inject(IdentifierHash) private readonly hash: IdentifierHash,
    @Inject(RevocationService) private readonly revocations: RevocationService,
    @Inject(EndedSessions) private readonly sessions: EndedSessions,
  ) {
    if (identityProviders.every(({ logoutClientId }) => logoutClientId === undefined)) return;
    const path = requestPath(new URL(urlBelow(issuer, logoutPath)).pathname);
    const intercept: Interceptor = (request, response, next) => {
      if (requestPath(request.url) !== path) return next();
      RequestContext.of(request).endpointReached();
      observe(events, request, response, () => void this.answer(request, response))();
    };
    onHttpAdapter(host, (adapter) => void adapter.use(intercept));
  }

  /** A user who is unknown here, or has nothing here, is already logged out. */
  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.logOut(request);
    } catch (error) {
      const refusal = logoutRefusal(error);
      RequestContext.of(request).refused(refusal);
      request.resume();
      if (refusal.reason !== 'unknownSubject') return writeRefusal(response, refusal);
    }
    response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Length': 0 }).end();
  }

  private async logOut(request: IncomingMessage): Promise<void> {
    const context = RequestContext.of(request);
    const { caller, iss, sub, sid } = await this.authenticate(request);
    context.authenticated(caller);
    if (!(await this.flags.isEnabled('GLOBAL_TOKEN_REVOCATION'))) throw new RevocationError('featureDisabled');
    await this.limits.called(caller.id);
    const { id: actor, method, keyId = '', assertion } = caller;
    const found = sub === undefined ? undefined : await this.find({ iss, sub }, caller, context);
    if (sid === undefined) {
      const { subject, ...known } = found!;
      const by = { actor, method, keyId, assertion, requestId: context.requestId, sourceIp: sourceIp(request) };
      return context.revoked(await this.revocations.revoke(subject, { ...by, ...known }));
    }
    const session = { issuer: iss, sid };
    await this.sessions.end({ session, subject: found?.subject, endedBy: actor, assertion: assertion! });
    context.sessionEnded();
  }

  /** @throws RevocationError `unknownSubject` and others of a look-up */
  private async find(account: { iss: string; sub: string }, { restrictions }: Caller, context: RequestContext) {
    const identifier = parseSubjectIdentifier({ format: 'iss_sub', ...account }, this.directory);
    const named = { format: identifier.format, identifierHash: this.hash.of(identifier) };
    context.subjectNamed(named);
    return { ...named, ...(await this.users.find(identifier, restrictions)) };
  }

  /** @throws RevocationError of the failed check; `tooManyFailures` beyond the limit */
  private async authenticate(request: IncomingMessage): Promise<LogoutToken> {
    try {
      const token = await logoutTokenIn(request);
      return await verifiedLogoutToken(this.senders, token, sha256Hex(token));
    } catch (error) {
      const refusal = logoutRefusal(error);
      if (refusal.status === 400) await this.limits.failed(sourceIp(request), LOGOUT, refusal);
      throw refusal;
    }
  }
}

/** Failures of a source share one bucket. */
const LOGOUT = 'logout_token';
