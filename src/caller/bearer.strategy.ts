import { Inject, Injectable } from '@nestjs/common';
import { DatabaseDeadline } from '../database/deadline.js';
import { RevocationError } from '../revocation.errors.js';
import { AccessTokens } from './access-tokens.js';
import type { Caller } from './caller.js';
import { ClientRegistry } from './client-registry.js';

/** Access tokens of this authorization server as callers' credentials. @see RFC 6750 §2.1 */
@Injectable()
export class BearerStrategy {
  constructor(
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
    @Inject(ClientRegistry) private readonly clients: ClientRegistry,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /** Whether this header is for this strategy. */
  handles(authorization: string): boolean {
    return this.tokens.isOffered && /^Bearer /i.test(authorization);
  }

  /**
   * A client with its own token. A person's token carries no scope here, whatever it says.
   *
   * @throws RevocationError `invalidToken`, `unavailable`
   */
  async authenticate(authorization: string): Promise<Caller> {
    const value = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization)?.[1];
    const token = value && (await this.tokens.find(value));
    const client = token && (await this.deadline.run(() => this.clients.find(token.clientId)));
    if (!client) throw new RevocationError('invalidToken');
    const scopes = token.subject === undefined ? token.scope.split(' ') : [];
    return { id: token.clientId, method: 'Bearer', scopes: new Set(scopes), limits: client.limits };
  }
}
