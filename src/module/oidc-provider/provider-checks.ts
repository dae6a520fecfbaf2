import type Provider from 'oidc-provider';
import type { ResolvedOptions } from '../options/global-revocation.options.js';
import { ClientAdapter } from './client.adapter.js';
import { OidcRecordAdapter } from './oidc-record.adapter.js';

/** Models whose records belong to a user. */
const OF_USERS = [
  'Session',
  'Interaction',
  'Grant',
  'AuthorizationCode',
  'AccessToken',
  'RefreshToken',
  'DeviceCode',
  'BackchannelAuthenticationRequest',
  'PreAuthorizedCode',
] as const;

type Options = Pick<ResolvedOptions, 'issuer' | 'metadata'>;

type Model = (typeof OF_USERS)[number] | 'InitialAccessToken' | 'RegistrationAccessToken';

/**
 * Checks that a revocation can end what this provider issues.
 *
 * @param options of the module
 * @throws Error with the problem in the provider's configuration and its fix
 */
export function expectRevocable(provider: Provider, { issuer, metadata }: Options): void {
  expectKeptHere(provider, OF_USERS);
  if (provider.issuer !== issuer) {
    const finding = `the provider's issuer is ${provider.issuer}, but that of GlobalRevocationModule is ${issuer}`;
    throw new Error(`OidcRevocation: ${finding}: make them identical`);
  }
  if (metadata) {
    const finding = 'the option `metadata` of GlobalRevocationModule hides the documents of the provider';
    throw new Error(`OidcRevocation: ${finding}: omit the option, because connect() extends those documents`);
  }
  if (hasRoute(provider, 'registration') && Reflect.get(provider.Client, 'adapter') instanceof ClientAdapter) {
    const finding = 'the provider registers clients, but the adapter cannot store them: it reads the client registry';
    const fix = 'set `features.registration.enabled` to false, or store the model `Client` in your own adapter';
    throw new Error(`OidcRevocation: ${finding}: ${fix}`);
  }
  // Koa listens for errors from then on.
  if (provider.listeners('error').some((each) => each === provider.onerror)) {
    const finding =
      'callback() of the provider was called before connect(), so it may leave out checks that connect() adds';
    throw new Error(`OidcRevocation: ${finding}: call connect(provider) first`);
  }
  if (hasRoute(provider, 'abort', { uid: 'any' })) {
    const finding = "the provider uses oidc-provider's development sign-in pages, which do not ask for an epoch";
    throw new Error(`OidcRevocation: ${finding}: set \`features.devInteractions.enabled\` to false`);
  }
}

/** @throws Error with the names of models whose records no revocation would end */
export function expectKeptHere(provider: Provider, models: readonly Model[]): void {
  const known: Partial<Pick<Provider, Model>> = provider; // oidc-provider before 9.13 has fewer
  const elsewhere = models.filter((model) => known[model] && !(known[model].adapter instanceof OidcRecordAdapter));
  if (elsewhere.length === 0) return;
  const finding = `the provider stores ${elsewhere.join(', ')} where no revocation ends them`;
  throw new Error(`OidcRevocation: ${finding}: create the provider with \`adapter: oidcRevocation.adapter\``);
}

/** Whether the provider issues tokens for registrations that no revocation of a person would end. */
export const hasUnboundTokens = (provider: Provider): boolean =>
  hasRoute(provider, 'registration') && !provider.RegistrationAccessToken.IN_PAYLOAD.includes('accountId');

/** A disabled feature has no route. `abort` belongs to the development pages. */
function hasRoute(provider: Provider, name: string, parameters?: Record<string, string>): boolean {
  try {
    return provider.pathFor(name, parameters) !== '';
  } catch {
    return false;
  }
}
