import {
  Controller,
  type ControllerOptions,
  Get,
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
import { RequestContext } from '../audit/request-context.js';
import { CallerAuthGuard } from '../caller/caller-auth.guard.js';
import { RateLimitGuard } from '../caller/rate-limit.guard.js';
import { ScopeGuard } from '../caller/scope.guard.js';
import { FeatureFlagGuard } from '../feature-flags/feature-flag.guard.js';
import { type AdapterRequest, type AdapterResponse, nodeRequest, takeOver } from '../http/http-adapter.js';
import { writeJson } from '../http/json-answer.js';
import { RevocationService } from '../revocation/revocation.service.js';
import { UserLookupService } from '../subject/user-lookup.service.js';
import { ApiGlobalRevocation, ApiGlobalRevocationTag } from './api-docs.js';
import { ApiRevocationState } from './api-docs.revocation-state.js';
import { providedFilter, providedGuard } from './provided.js';
import { writeNoContent } from './refusal.js';
import { RefusalFilter } from './refusal.filter.js';
import { RevocationRequests } from './revocation-request.js';
import { RevocationStates } from './revocation-states.js';

/** Steps 1 to 3. */
const GUARDS = [CallerAuthGuard, FeatureFlagGuard, ScopeGuard, RateLimitGuard];

/**
 * Creates the controller of the endpoint. The guards are steps 1 to 3, `revoke` is steps 4 to 7. It reads the raw request
 * and writes the response itself, so that pipes and interceptors of the host cannot change either.
 *
 * @param decorators of the host, applied to the controller last
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
      @Inject(RevocationStates) private readonly states: RevocationStates,
    ) {}

    @Post()
    @ApiGlobalRevocation()
    @HttpCode(204)
    async revoke(@Req() request: AdapterRequest, @Res() response: AdapterResponse): Promise<void> {
      const context = RequestContext.of(nodeRequest(request));
      const identifier = this.requests.parse(context.steps.body); // step 4
      context.subjectNamed({ format: identifier.format, identifierHash: this.hash.of(identifier) });
      const { subject, ...found } = await this.users.find(identifier, context.steps.caller!.restrictions); // step 5
      const known = { ...forRecord(context), ...found, sourceIp: request.ip ?? '' };
      const id = await this.revocations.revoke(subject, known); // step 6
      context.revoked(id);
      writeNoContent(takeOver(response), this.states.location(context.steps.caller!, id)); // step 7
    }

    @Get(':id')
    @ApiRevocationState()
    async state(@Req() request: AdapterRequest, @Res() response: AdapterResponse): Promise<void> {
      const context = RequestContext.of(nodeRequest(request));
      const { stateId, caller } = context.steps;
      const { id, ...state } = await this.states.read(stateId!, caller!);
      context.stateRead(id);
      writeJson(takeOver(response), 200, state);
    }
  }
  for (const decorate of decorators) decorate(GlobalRevocationController);
  return GlobalRevocationController;
}

function forRecord({ requestId, steps }: RequestContext) {
  const { id: actor, method, keyId = '', assertion } = steps.caller!;
  return { actor, method, keyId, assertion, format: steps.format!, identifierHash: steps.identifierHash!, requestId };
}
