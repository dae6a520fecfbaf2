import {
  Controller,
  type ControllerOptions,
  HttpCode,
  Inject,
  Post,
  Req,
  Res,
  type Type,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { IdentifierHash } from '../audit/identifier-hash.js';
import { factsOf } from '../audit/request-facts.js';
import { type Caller, CALLER_PROPERTY, type CallerRequest } from '../caller/caller.js';
import { CallerAuthGuard } from '../caller/caller-auth.guard.js';
import { RateLimitGuard } from '../caller/rate-limit.guard.js';
import { ScopeGuard } from '../caller/scope.guard.js';
import { FeatureFlagGuard } from '../feature-flags/feature-flag.guard.js';
import { type AdapterRequest, type AdapterResponse, nodeRequest, takeOver } from '../http/http-adapter.js';
import { rawBodyOf } from '../http/raw-body.js';
import { RevocationService } from '../revocation/revocation.service.js';
import { UserLookupService } from '../subject/user-lookup.service.js';
import { ApiGlobalRevocation, ApiGlobalRevocationTag } from './api-docs.js';
import { providedFilter, providedGuard } from './provided.js';
import { writeNoContent } from './refusal.js';
import { RefusalFilter } from './refusal.filter.js';
import { RevocationRequests } from './revocation-request.js';

const GUARDS = [CallerAuthGuard, FeatureFlagGuard, ScopeGuard, RateLimitGuard];

const callerContext = ({ id: actor, method, keyId = '', assertion }: Caller) => ({ actor, method, keyId, assertion });

/**
 * The endpoint on a path of the host's choice. The decorators and the method are the steps of a request in their order. The
 * method takes the request itself and answers itself: pipes and interceptors that the host has for its own routes cannot
 * change what is read or sent.
 *
 * @param decorators of the host, put on the controller last
 * @see draft-parecki-oauth-global-token-revocation-06 §3
 */
export function globalRevocationController(
  route: Pick<ControllerOptions, 'path' | 'version'>,
  decorators: readonly ClassDecorator[],
): Type {
  @Controller(route)
  @ApiGlobalRevocationTag()
  @UseFilters(providedFilter(RefusalFilter))
  @UseGuards(...GUARDS.map(providedGuard))
  class GlobalRevocationController {
    constructor(
      @Inject(RevocationRequests) private readonly requests: RevocationRequests,
      @Inject(UserLookupService) private readonly users: UserLookupService,
      @Inject(IdentifierHash) private readonly hash: IdentifierHash,
      @Inject(RevocationService) private readonly revocations: RevocationService,
    ) {}

    @Post()
    @ApiGlobalRevocation()
    @HttpCode(204)
    async revoke(@Req() request: AdapterRequest & CallerRequest, @Res() response: AdapterResponse): Promise<void> {
      const caller = request[CALLER_PROPERTY];
      const identifier = this.requests.parse(rawBodyOf(nodeRequest(request)));
      const named = { format: identifier.format, identifierHash: this.hash.of(identifier) };
      const facts = Object.assign(factsOf(nodeRequest(request)), named, { caller });
      const { subject, matched } = await this.users.find(identifier, caller.restrictions);
      const from = { sourceIp: request.ip ?? '', requestId: facts.requestId };
      const context = { ...callerContext(caller), ...named, ...from, matched };
      facts.revocationId = await this.revocations.revoke(subject, context);
      writeNoContent(takeOver(response));
    }
  }
  for (const decorate of decorators) decorate(GlobalRevocationController);
  return GlobalRevocationController;
}
