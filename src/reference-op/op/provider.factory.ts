import Provider, {
  type AsymmetricSigningAlgorithm,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
  type SigningAlgorithm,
} from 'oidc-provider';
import {
  ASSERTION_ALGORITHMS,
  DPOP_ALGORITHMS,
  GLOBAL_REVOCATION_SCOPE,
  type NotificationPost,
  type RemoteJwks,
} from 'nestjs-global-revocation';
import { SHARED_SIGNALS_SCOPES } from 'nestjs-global-revocation/shared-signals';
import type { OidcAdapters, OidcRevocation } from 'nestjs-global-revocation/oidc-provider';
import type { AccountsService } from './accounts.service.js';
import { mutualTls } from './mutual-tls.js';
import type { OpOptions } from './op.options.js';
import { ProviderPages } from './provider-pages.js';
import { INTERACTION, ROUTES } from './routes.js';

type Koa = KoaContextWithOIDC;

const MINUTE = 60;

/** The parts of the provider. */
export interface ProviderParts {
  options: OpOptions;
  adapters: OidcAdapters;
  accounts: AccountsService;
  remoteJwks: Pick<RemoteJwks, 'read'>;
  post: Pick<NotificationPost, 'send'>;
  revocation: Pick<OidcRevocation, 'assertJwtClientAuthClaimsAndHeader' | 'connect' | 'formats'>;
}

/** Creates the provider. */
export function createProvider(parts: ProviderParts): Provider {
  return parts.revocation.connect(new Provider(parts.options.issuer, configuration(parts)));
}

/** @see oidc-provider, docs/README.md "Configuration options" */
function configuration(parts: ProviderParts): Configuration {
  const { options, adapters, accounts, revocation } = parts;
  const { ttl, jwtAudiences = [] } = options;
  const { renderError, features } = pages(new ProviderPages(adapters));
  const { discovery, mTLS } = mutualTls(options.mutualTls);
  return {
    adapter: adapters,
    jwks: options.signingKeys,
    cookies: {
      keys: options.cookieKeys,
      names: { session: 'op_session', interaction: 'op_interaction', resume: 'op_resume' },
    },
    routes: ROUTES,
    interactions: { url: (_ctx, { uid }) => `/${INTERACTION}/${uid}` },
    findAccount: (_ctx, id) => accounts.find(id),
    fetch: guardedFetch(parts),
    loadExistingGrant: existingGrant(new Set(programScopes(options))),
    scopes: ['openid', 'offline_access', 'profile', 'email', 'phone', ...programScopes(options)],
    claims: { profile: ['name', 'preferred_username'], email: ['email'], phone: ['phone_number'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    // Secrets are stored as hashes, so methods that use a secret as a key (client_secret_jwt, HS256) are not offered.
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    assertJwtClientAuthClaimsAndHeader: revocation.assertJwtClientAuthClaimsAndHeader,
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'ES256'],
      clientAuthSigningAlgValues: ASSERTION_ALGORITHMS as SigningAlgorithm[],
      dPoPSigningAlgValues: DPOP_ALGORITHMS as AsymmetricSigningAlgorithm[],
      userinfoSigningAlgValues: ['RS256', 'ES256'],
    },
    // Swagger UI requests a token from the issuer's own pages.
    clientBasedCORS: (_ctx, origin) => origin === options.issuer,
    ttl: {
      AccessToken: ttl.accessToken,
      ClientCredentials: 10 * MINUTE,
      DeviceCode: 10 * MINUTE,
      Grant: ttl.refreshToken,
      IdToken: ttl.accessToken,
      Interaction: 60 * MINUTE,
      RefreshToken: ttl.refreshToken,
      Session: ttl.session,
    },
    discovery,
    renderError,
    ...(jwtAudiences.length > 0 && { formats: revocation.formats }),
    features: {
      ...features,
      backchannelLogout: { enabled: options.backchannelLogout ?? false },
      mTLS,
      resourceIndicators: resourceIndicators(jwtAudiences, ttl.accessToken),
    },
  };
}

/** Fetches keys of clients and posts logout tokens, by the same rules as the endpoint and its notifications. */
const guardedFetch =
  ({ remoteJwks, post }: ProviderParts): NonNullable<Configuration['fetch']> =>
  async (url, init) => {
    const { method, body, headers, signal } = init!;
    if (method !== 'POST') return new Response(await remoteJwks.read(new URL(url as URL), signal!));
    const type = new Headers(headers).get('content-type')!;
    await post.send(new URL(url as URL).href, { type, body: String(body as URLSearchParams) }, signal!);
    return new Response(null, { status: 204 });
  };

function pages(pages: ProviderPages): Pick<Configuration, 'renderError' | 'features'> {
  return {
    renderError: pages.renderError,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        // Any client that can keep a secret may act as a resource server.
        allowedPolicy: (_ctx, client) => client.clientAuthMethod !== 'none',
      },
      revocation: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: pages.logout,
        postLogoutSuccessSource: pages.signedOut,
      },
      deviceFlow: {
        enabled: true,
        charset: 'base-20',
        mask: '****-****',
        userCodeInputSource: pages.userCodeInput,
        userCodeConfirmSource: pages.userCodeConfirm,
        successSource: pages.deviceDone,
      },
    },
  };
}

/**
 * R6: access tokens of people are opaque, so that revocation ends them at once. Those for these APIs are JWTs, which refer to a
 * status list.
 *
 * @see RFC 8707 §2
 */
function resourceIndicators(jwtAudiences: readonly string[], accessTokenTTL: number) {
  return {
    enabled: jwtAudiences.length > 0,
    getResourceServerInfo(_ctx: Koa, audience: string) {
      if (!jwtAudiences.includes(audience)) throw new errors.InvalidTarget();
      return { audience, scope: '', accessTokenTTL, accessTokenFormat: 'jwt' as const };
    },
  };
}

/** Scopes of programs, which no person's token has. */
const programScopes = ({ sharedSignals }: OpOptions): string[] => [
  GLOBAL_REVOCATION_SCOPE,
  ...(sharedSignals ? SHARED_SIGNALS_SCOPES : []),
];

/**
 * Rejects scopes of programs in requests of people, even if the client is registered for them.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §7.1
 */
const existingGrant =
  (ofPrograms: ReadonlySet<string>) =>
  async (ctx: Koa): Promise<InstanceType<Provider['Grant']> | undefined> => {
    const { client, params, provider, result, session } = ctx.oidc;
    const scope = params?.['scope'];
    const refused = typeof scope === 'string' && scope.split(' ').find((each) => ofPrograms.has(each));
    if (refused) throw new errors.InvalidScope('requested scope is not allowed', refused);
    const grantId = result?.consent?.grantId ?? session?.grantIdFor(client!.clientId);
    return grantId ? provider.Grant.find(grantId) : undefined;
  };
