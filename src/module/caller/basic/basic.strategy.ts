import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { BasicStrategy as HttpBasicStrategy } from 'passport-http';
import { RequestContext } from '../../audit/request-context.js';
import { DatabaseDeadline } from '../../database/deadline.js';
import { type AdapterRequest, nodeRequest } from '../../http/http-adapter.js';
import { parseBasicCredentials } from './basic-credentials.js';
import type { Caller } from '../caller.js';
import { ClientRegistry } from '../clients/client-registry.js';

const METHOD = 'client_secret_basic';

/** Registered authentication methods that allow a secret. @see RFC 7591 §2 */
const SECRET_METHODS: readonly unknown[] = [METHOD, 'client_secret_post'];

type BasicRequest = Parameters<HttpBasicStrategy['authenticate']>[0];

/**
 * HTTP Basic for OAuth clients, based on passport-http. passport-http cuts the secret at its second colon, accepts `Xbasic`,
 * does not form-decode, and answers a malformed header with the number 400. Therefore this class parses the header and
 * passes it on in a form that passport-http reads correctly.
 *
 * @see RFC 7617 §2, RFC 6749 §2.3.1
 */
@Injectable()
export class BasicStrategy extends PassportStrategy(HttpBasicStrategy) implements OnModuleDestroy {
  constructor(
    @Inject(ClientRegistry) private readonly clients: ClientRegistry,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {
    super({ passReqToCallback: true });
  }

  /** Registers under a unique name, because Passport's strategies are global to the process. */
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
    const context = RequestContext.of(nodeRequest(request as unknown as AdapterRequest));
    super.authenticate({ headers: { authorization }, context } as unknown as BasicRequest);
  }

  /**
   * Called by passport-http with the halves that {@link authenticate} encoded.
   *
   * @throws RevocationError `invalidClient`, `unavailable`
   */
  async validate({ context }: { context: RequestContext }, user: string, secret: string): Promise<Caller | undefined> {
    const halves = [user, secret].map(decodeURIComponent) as [string, string];
    context.credentialTried({ method: METHOD });
    const found = await this.deadline.run(() => this.clients.authenticate(...halves));
    if (!found) return undefined;
    const { clientId: id, isDisabled } = 'client' in found ? { ...found.client, isDisabled: false } : found;
    context.credentialTried({ id, isDisabled, method: METHOD }); // a registered id, never an unknown one
    if (!('client' in found)) return undefined;
    const { scope, restrictions, metadata } = found.client;
    if (!SECRET_METHODS.includes(metadata['token_endpoint_auth_method'] ?? METHOD)) return undefined;
    return {
      id,
      method: METHOD,
      scopes: new Set(scope.split(' ')),
      keyId: found.keyId,
      restrictions,
    };
  }
}
