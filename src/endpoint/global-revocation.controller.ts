import {
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Header,
  HttpCode,
  Inject,
  Post,
  type Type,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { IdentifierHash } from '../audit/identifier-hash.js';
import { factsOf, type RequestFacts } from '../audit/request-facts.js';
import { AuthenticatedCaller, type Caller } from '../caller/caller.js';
import { CallerAuthGuard } from '../caller/caller-auth.guard.js';
import { RateLimitGuard } from '../caller/rate-limit.guard.js';
import { ScopeGuard } from '../caller/scope.guard.js';
import { FeatureFlagGuard } from '../feature-flags/feature-flag.guard.js';
import { RevocationService } from '../revocation/revocation.service.js';
import type { SubjectIdentifier } from '../subject/subject-identifier.js';
import { UserLookupService } from '../subject/user-lookup.service.js';
import { ApiGlobalRevocation, ApiGlobalRevocationTag } from './api-docs.js';
import { rawRequest, sourceIpOf } from '../http-adapter.js';
import { rawBodyOf } from '../raw-body.js';
import { RefusalFilter } from './refusal.filter.js';
import { ParseRevocationRequest } from './revocation-request.js';

const SourceIp = createParamDecorator((_data: unknown, context: ExecutionContext) => sourceIpOf(context));
const Facts = createParamDecorator((_data: unknown, context: ExecutionContext) => factsOf(rawRequest(context)));
const RawBody = createParamDecorator((_data: unknown, context: ExecutionContext) => rawBodyOf(rawRequest(context)));

/**
 * The endpoint on a path of the host's choice. The decorators and the method are the steps of a request in their order.
 *
 * @see draft-parecki-oauth-global-token-revocation-05 §4
 */
export function globalRevocationController(path: string): Type {
  @Controller(path)
  @ApiGlobalRevocationTag()
  @UseFilters(RefusalFilter)
  @UseGuards(CallerAuthGuard, FeatureFlagGuard, ScopeGuard, RateLimitGuard)
  class GlobalRevocationController {
    constructor(
      @Inject(UserLookupService) private readonly users: UserLookupService,
      @Inject(IdentifierHash) private readonly hash: IdentifierHash,
      @Inject(RevocationService) private readonly revocations: RevocationService,
    ) {}

    @Post()
    @ApiGlobalRevocation()
    @HttpCode(204)
    @Header('Cache-Control', 'no-store')
    async revoke(
      @RawBody(ParseRevocationRequest) identifier: SubjectIdentifier,
      @AuthenticatedCaller() { id: actor, method, keyId = '', limits, assertion }: Caller,
      @SourceIp() sourceIp: string,
      @Facts() facts: RequestFacts,
    ): Promise<void> {
      const named = { format: identifier.format, identifierHash: this.hash.of(identifier) };
      const { requestId } = Object.assign(facts, named);
      const { subject, matched } = await this.users.find(identifier, limits);
      const context = { actor, method, keyId, assertion, ...named, matched, sourceIp, requestId };
      facts.revocationId = await this.revocations.revoke(subject, context);
    }
  }
  return GlobalRevocationController;
}
