import { Inject, Injectable } from '@nestjs/common';
import { DatabaseDeadline } from '../../database/deadline.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { ASSERTION_ALGORITHMS } from '../../options/public-keys.options.js';
import type { Assertion } from './assertion.js';
import { checkAssertion, refusal } from './assertion-check.js';
import { TOLERANCE_SECONDS } from '../access-token/jwt-access-tokens.js';
import type { Caller } from '../caller.js';
import { ClientRegistry } from '../clients/client-registry.js';
import { keysOfClient } from '../keys/key-sources.js';
import { RemoteJwks } from '../keys/remote-jwks.js';

/** Used assertions are remembered until they expire, which limits their lifetime. In seconds. */
const LIFETIME_SECONDS = 3600;

/**
 * Authenticates clients that sign (`private_key_jwt`) directly at the endpoint, without a token request.
 *
 * @see RFC 7523 §2.2, OpenID Connect Core 1.0 §9
 */
@Injectable()
export class ClientAssertionStrategy {
  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(ClientRegistry) private readonly clients: ClientRegistry,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(RemoteJwks) private readonly remote: RemoteJwks,
  ) {}

  /**
   * Authenticates a client by its assertion. The caller gets the client's registered scope.
   *
   * @throws RevocationError of the failed check, `unavailable`
   */
  async authenticate(assertion: Assertion, bodyHash: string): Promise<Caller> {
    const { iss } = assertion.claims;
    const client = typeof iss === 'string' ? await this.deadline.run(() => this.clients.findEnabled(iss)) : undefined;
    const { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: alg } = client?.metadata ?? {};
    if (!client || method !== 'private_key_jwt') {
      throw refusal(assertion, 'assertionUntrusted', 'no client of this iss is registered for private_key_jwt');
    }
    const { keyId, jti, expiresAt } = await checkAssertion(assertion, {
      keys: keysOfClient(this.remote, client.metadata),
      algorithms: typeof alg === 'string' ? [alg] : ASSERTION_ALGORITHMS,
      subject: client.clientId,
      audience: this.options.issuer,
      claims: ['sub'],
      toleranceSeconds: TOLERANCE_SECONDS,
      lifetimeSeconds: LIFETIME_SECONDS,
    });
    return {
      id: client.clientId,
      method,
      scopes: new Set(client.scope.split(' ')),
      keyId,
      restrictions: client.restrictions,
      assertion: { issuer: client.clientId, jti, expiresAt, bodyHash },
    };
  }
}
