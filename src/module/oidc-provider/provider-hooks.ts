import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { AccessTokens } from '../caller/access-token/access-tokens.js';
import type { AccessTokenLookup } from '../caller/access-token/issued-token.js';
import { matchingSecret } from '../caller/basic/client-secret.js';
import type { RevocationMetadata } from '../endpoint/revocation-metadata.js';
import type { EndedSessions } from '../inbound-logout/ended-sessions.js';
import type { SubjectEpochs } from '../revocation/subject-epochs.js';
import { rejectBadRequests } from './bad-requests.js';
import { HASHED } from './client.adapter.js';
import { inheritedEpochs, inheritedUpstreams } from './epoch-context.js';
import { hasStatus } from './jwt-status.js';
import { holdBackIdToken, watchIdTokens } from './overtaken-id-tokens.js';
import { expectKeptHere } from './provider-checks.js';
import { answerUnavailable } from './unavailable.js';

type Koa = KoaContextWithOIDC;

/** Services that a provider is connected with. */
interface ProviderConnections {
  epochs: SubjectEpochs;
  sessions: Pick<EndedSessions, 'haveEnded'>;
  metadata: RevocationMetadata;
  accessTokens: AccessTokens;
}

/** Registers the hooks of a provider, in the required order. */
export function connectProvider(provider: Provider, connections: ProviderConnections): Provider {
  provider.use((ctx, next) => {
    passed.add(ctx.req);
    return next();
  });
  rejectBadRequests(provider);
  compareHashedSecrets(provider);
  answerUnavailable(provider);
  advertise(provider, connections.metadata);
  watchIdTokens(provider);
  checkOnceMore(provider, connections);
  warnOfJwts(provider);
  connections.accessTokens.offer(providerAccessTokens(provider));
  return provider;
}

const passed = new WeakSet<IncomingMessage>();

/** Whether a request has passed the hooks of a connected provider. */
export const hasPassedHooks = (request: IncomingMessage): boolean => passed.has(request);

/**
 * Compares hashes of registered clients' secrets in constant time. Secrets of `clients` in the provider's configuration
 * are compared by the provider itself.
 */
function compareHashedSecrets(provider: Provider): void {
  const { prototype } = provider.Client;
  const asEver = Reflect.get(prototype, 'compareClientSecret') as typeof prototype.compareClientSecret;
  prototype.compareClientSecret = function (this: typeof prototype, actual: string) {
    const [mark, ...hashes] = this.clientSecret?.split(' ') ?? [HASHED];
    return mark === HASHED ? matchingSecret(actual, hashes) !== undefined : asEver.call(this, actual);
  };
}

/**
 * Ties initial and registration access tokens to the account they were created for, so that a revocation ends them too.
 * By default they drop the account. Call it once, before the provider is used.
 *
 * @throws Error if they are stored where no revocation ends them
 * @see RFC 7591 §3, RFC 7592 §1
 * @publicApi
 */
export function bindRegistrationTokens(provider: Provider): void {
  expectKeptHere(provider, ['InitialAccessToken', 'RegistrationAccessToken']);
  for (const model of [provider.InitialAccessToken, provider.RegistrationAccessToken]) {
    const names = [...model.IN_PAYLOAD, 'accountId'];
    Object.defineProperty(model, 'IN_PAYLOAD', { get: () => names });
  }
}

/** Offers the provider's access tokens, with their binding, as caller credentials, unless their grant has ended. */
const providerAccessTokens =
  (provider: Provider): AccessTokenLookup =>
  async (value) => {
    const [own, persons] = await Promise.all([
      provider.ClientCredentials.find(value),
      provider.AccessToken.find(value),
    ]);
    const token = own ?? persons;
    if (!token?.isValid || !token.clientId) return undefined;
    if (persons && !(await provider.Grant.find(persons.grantId))) return undefined;
    const { jkt, 'x5t#S256': x5t } = token;
    const cnf = { ...(jkt !== undefined && { jkt }), ...(x5t !== undefined && { 'x5t#S256': x5t }) };
    const subject = persons && { subject: persons.accountId };
    return { clientId: token.clientId, scope: token.scope ?? '', cnf, ...subject };
  };

/** Warns once if access tokens of people are JWTs (R6) without status and epoch: nothing is stored that a revocation could end. */
function warnOfJwts(provider: Provider): void {
  let isWarned = false;
  provider.on('access_token.issued', (token) => {
    const { accountId, extra } = token;
    if (isWarned || !accountId || hasStatus(token) || typeof extra?.['epoch'] === 'number') return;
    isWarned = true;
    new Logger('GlobalRevocation').warn(
      'the provider issued an access token of a person as a JWT without status and epoch, so no revocation ends it before ' +
        'it expires: set the option `statusLists` and `formats: oidcRevocation.formats`, or add `epoch: ' +
        'epochToInherit(token.accountId)` in `extraTokenClaims` and compare it in your APIs, or issue opaque tokens',
    );
  });
}

/**
 * Adds the endpoint's members to both well-known documents.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §6, RFC 8414 §3
 */
function advertise(provider: Provider, metadata: RevocationMetadata): void {
  provider.use(async (ctx, next) => {
    await next();
    if (routeOf(ctx as Koa) !== 'discovery' || ctx.status !== 200) return;
    ctx.body = await metadata.addedTo(ctx.body as Record<string, unknown>);
  });
}

/**
 * Replaces an answer that a revocation has overtaken, by route. Introspection needs none: its last step loads the
 * grant, which compares the epoch. A code is dead, an ID token beside it is not.
 */
const REFUSE: Partial<Record<string, (ctx: Koa) => void>> = {
  token: (ctx) => refuse(ctx, 400, 'invalid_grant', 'grant request is invalid'),
  userinfo: (ctx) => {
    refuse(ctx, 401, 'invalid_token', 'invalid token provided');
    ctx.set('WWW-Authenticate', `Bearer realm="${ctx.oidc.issuer}", error="invalid_token"`);
  },
  authorization: holdBackIdToken,
  resume: holdBackIdToken,
};

/**
 * Compares the inherited epochs with the current ones just before tokens or claims leave, and looks for the end of the inherited
 * upstream sessions. Rejects the request if a revocation or such a logout came in between. The tokens would be dead anyway; this
 * also holds back an ID token, a JWT and a user's claims.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.3, OpenID.Back-Channel §2.7
 */
function checkOnceMore(provider: Provider, { epochs, sessions }: ProviderConnections): void {
  provider.use(async (ctx, next) => {
    await next();
    const inherited = inheritedEpochs();
    const refuseAnswer = REFUSE[routeOf(ctx as Koa) ?? ''];
    if (!refuseAnswer || inherited.size === 0 || ctx.status >= 400) return;
    const [areLive, haveEnded] = await Promise.all([
      epochs.areLive(inherited),
      sessions.haveEnded(inheritedUpstreams()),
    ]);
    if (!areLive || haveEnded) refuseAnswer(ctx as Koa);
  });
}

/** Returns the route; a request that matches no route of the provider has no `oidc`. */
const routeOf = (ctx: { oidc?: Koa['oidc'] }): string | undefined => ctx.oidc?.route;

function refuse(ctx: Koa, status: number, error: string, description: string): void {
  ctx.status = status;
  ctx.body = { error, error_description: description };
}
