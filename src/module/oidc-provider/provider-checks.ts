import type Provider from 'oidc-provider';
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
] as const;

/**
 * Whether what this provider hands out can end with its user.
 *
 * @param issuer of the module
 * @throws Error that says what is wrong with the provider's configuration and how to mend it
 */
export function expectRevocable(provider: Provider, issuer: string): void {
  const elsewhere = OF_USERS.filter((model) => !(provider[model].adapter instanceof OidcRecordAdapter));
  if (elsewhere.length > 0) {
    const finding = `the provider keeps ${elsewhere.join(', ')} where no revocation ends them`;
    throw new Error(`OidcRevocation: ${finding}: make it with \`adapter: oidcRevocation.adapter\``);
  }
  if (provider.issuer !== issuer) {
    const finding = `the provider's issuer is ${provider.issuer}, and that of GlobalRevocationModule ${issuer}`;
    throw new Error(`OidcRevocation: ${finding}: give both the same, to the letter`);
  }
  if (hasDevelopmentPages(provider)) {
    const finding = 'the provider signs people in with its development pages, which do not ask for an epoch';
    throw new Error(`OidcRevocation: ${finding}: set \`features.devInteractions.enabled\` to false`);
  }
}

/** Only these have a route of that name. */
function hasDevelopmentPages(provider: Provider): boolean {
  try {
    return provider.pathFor('abort', { uid: 'any' }) !== '';
  } catch {
    return false;
  }
}
