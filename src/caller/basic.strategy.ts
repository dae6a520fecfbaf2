import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { BasicStrategy as HttpBasicStrategy } from 'passport-http';
import { DatabaseDeadline } from '../database/deadline.js';
import { parseBasicCredentials } from './basic-credentials.js';
import type { Caller } from './caller.js';
import { ClientRegistry } from './client-registry.js';

/** Registered methods of a client that may send its secret. @see RFC 7591 §2 */
const SECRET_METHODS: readonly unknown[] = ['client_secret_basic', 'client_secret_post'];

type BasicRequest = Parameters<HttpBasicStrategy['authenticate']>[0];

/**
 * HTTP Basic for OAuth clients on top of passport-http, which alone cuts the secret at its second colon, takes `Xbasic` for
 * `Basic`, does not form-decode, and answers a malformed header with the number 400. So the header is read here, and
 * passport-http sees it again in a form it cannot misread.
 *
 * @see RFC 7617 §2, RFC 6749 §2.3.1
 */
@Injectable()
export class BasicStrategy extends PassportStrategy(HttpBasicStrategy) implements OnModuleDestroy {
  constructor(
    @Inject(ClientRegistry) private readonly clients: ClientRegistry,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {
    super();
  }

  /** Passport's strategies are process-global: each module instance registers under a name of its own. */
  protected getPassportInstance(): typeof passport {
    this.name = `global-revocation-basic-${randomUUID()}`;
    return passport;
  }

  onModuleDestroy(): void {
    passport.unuse(this.name);
  }

  override authenticate(request: BasicRequest): void {
    const credentials = parseBasicCredentials(request.headers.authorization);
    const halves = credentials && [credentials.id, credentials.secret].map(encodeURIComponent).join(':');
    const authorization = halves && `Basic ${Buffer.from(halves).toString('base64')}`;
    super.authenticate({ headers: { authorization } } as BasicRequest);
  }

  /** Called by passport-http with the halves as {@link authenticate} encoded them. */
  async validate(id: string, secret: string): Promise<Caller | undefined> {
    const halves = [id, secret].map(decodeURIComponent) as [string, string];
    const found = await this.deadline.run(() => this.clients.authenticate(...halves));
    if (!found) return undefined;
    const { clientId, scope, limits, metadata } = found.client;
    const method = metadata['token_endpoint_auth_method'] ?? 'client_secret_basic';
    if (!SECRET_METHODS.includes(method)) return undefined;
    return {
      id: clientId,
      method: 'client_secret_basic',
      scopes: new Set(scope.split(' ')),
      keyId: found.keyId,
      limits,
    };
  }
}
