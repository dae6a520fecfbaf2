import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { RequestContext } from '../../audit/request-context.js';
import { DatabaseDeadline } from '../../database/deadline.js';
import { EndpointRoute } from '../../http/endpoint-route.js';
import { headerValues } from '../../http/http-adapter.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { RevocationError } from '../../revocation.errors.js';
import { AccessTokens } from './access-tokens.js';
import { type Caller, mayRevoke } from '../caller.js';
import { ClientRegistry, type RegisteredClient } from '../clients/client-registry.js';
import { checkDpopProof, type DpopProof } from './dpop-proof.js';
import { claimedClient } from './jwt-access-tokens.js';
import { presentedToken } from './presented-token.js';
import { certificateThumbprint, checkBinding } from './token-binding.js';
import { UsedAssertions } from '../assertion/used-assertions.js';

/** Authenticates callers by access tokens of this server. @see RFC 6750 §2.1, RFC 9449 §7, RFC 8705 §3 */
@Injectable()
export class BearerStrategy {
  constructor(
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
    @Inject(ClientRegistry) private readonly clients: ClientRegistry,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(EndpointRoute) private readonly route: EndpointRoute,
    @Inject(UsedAssertions) private readonly used: UsedAssertions,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'mutualTls'>,
  ) {}

  handles(authorization: string): boolean {
    return this.tokens.isOffered && /^(Bearer|DPoP) /i.test(authorization);
  }

  /**
   * Authenticates a client by its own token. A token issued for a person gets no scope here.
   *
   * @param request Node's request
   * @param url published URL of the request, by default of the endpoint or of the state of a revocation
   * @param mayCall whether a caller has a scope for it
   * @throws RevocationError `invalidToken`, `dpopProof…`, `keyOfAnotherToken`, `boundToken`, `unavailable`
   */
  async authenticate(
    request: IncomingMessage,
    url = this.urlOf(request),
    mayCall: (caller: Caller) => boolean = mayRevoke,
  ): Promise<Caller> {
    const { value, isDpop } = presentedToken(request.headers.authorization ?? '');
    const claimed = claimedClient(value);
    // A stranger cannot make us check signatures: a JWT names a client that exists.
    if (claimed !== undefined && !(await this.client(claimed))) throw new RevocationError('invalidToken');
    const token = await this.tokens.find(value);
    const client = token && (await this.client(token.clientId));
    if (token) {
      const method = isDpop ? 'DPoP' : 'Bearer';
      RequestContext.of(request).credentialTried({ id: token.clientId, method });
    }
    if (!client) throw new RevocationError('invalidToken');
    // Whose token it is, is known: a stranger cannot make us check its proof.
    const proof = isDpop ? await this.proofOf(request, url, value) : undefined;
    const x5t = certificateThumbprint(token, () => this.options.mutualTls?.clientCertificate(request));
    checkBinding(token, { jkt: proof?.thumbprint, 'x5t#S256': x5t });
    const caller = {
      id: token.clientId,
      method: proof ? 'DPoP' : 'Bearer',
      scopes: new Set(token.subject === undefined ? token.scope.split(' ') : []),
      keyId: proof?.thumbprint ?? x5t,
      restrictions: client.restrictions,
    };
    // A caller without the scope is rejected later; its proof must not cause a write.
    if (proof && mayCall(caller)) await this.used.useProof(proof);
    return caller;
  }

  private urlOf(request: IncomingMessage): string {
    const { stateId } = RequestContext.of(request).steps;
    return stateId === undefined ? this.route.url() : this.route.stateUrl(stateId);
  }

  private client(id: string): Promise<RegisteredClient | undefined> {
    return this.deadline.run(() => this.clients.findEnabled(id));
  }

  private proofOf(request: IncomingMessage, url: string, accessToken: string): Promise<DpopProof> {
    const { method = '' } = request;
    return checkDpopProof(headerValues(request, 'dpop'), { method, url, accessToken });
  }
}
