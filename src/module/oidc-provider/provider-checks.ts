import type Provider from 'oidc-provider';
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

type Model = (typeof OF_USERS)[number] | 'InitialAccessToken' | 'RegistrationAccessToken';

/**
 * Whether what this provider hands out can end with its user.
 *
 * @param issuer of the module
 * @throws Error that says what is wrong with the provider's configuration and how to mend it
 */
export function expectRevocable(provider: Provider, issuer: string): void {
  expectKeptHere(provider, OF_USERS);
  if (provider.issuer !== issuer) {
    const finding = `the provider's issuer is ${provider.issuer}, and that of GlobalRevocationModule ${issuer}`;
    throw new Error(`OidcRevocation: ${finding}: give both the same, to the letter`);
  }
  if (hasRoute(provider, 'registration') && Reflect.get(provider.Client, 'adapter') instanceof ClientAdapter) {
    const finding = 'the provider registers clients, and the adapter keeps none: it reads those of the registry';
    const fix = 'set `features.registration.enabled` to false, or keep the model `Client` in an adapter of your own';
    throw new Error(`OidcRevocation: ${finding}: ${fix}`);
  }
  if (hasRoute(provider, 'abort', { uid: 'any' })) {
    const finding = 'the provider signs people in with its development pages, which do not ask for an epoch';
    throw new Error(`OidcRevocation: ${finding}: set \`features.devInteractions.enabled\` to false`);
  }
}

/** @throws Error that names the models whose records no revocation would end */
export function expectKeptHere(provider: Provider, models: readonly Model[]): void {
  const elsewhere = models.filter((model) => !(provider[model].adapter instanceof OidcRecordAdapter));
  if (elsewhere.length === 0) return;
  const finding = `the provider keeps ${elsewhere.join(', ')} where no revocation ends them`;
  throw new Error(`OidcRevocation: ${finding}: make it with \`adapter: oidcRevocation.adapter\``);
}

/** Features that are off have no route. `abort` is one of the development pages. */
function hasRoute(provider: Provider, name: string, parameters?: Record<string, string>): boolean {
  try {
    return provider.pathFor(name, parameters) !== '';
  } catch {
    return false;
  }
}
