import type { KoaContextWithOIDC } from 'oidc-provider';
import { isSameSecret } from 'nestjs-global-revocation/administration';
import type { OidcAdapters, OidcRecordAdapter } from 'nestjs-global-revocation/oidc-provider';
import { signedOutPage } from './pages/signed-out.page.js';

/** The state that oidc-provider keeps in a session while its logout page is open. */
interface LogoutState {
  secret?: string;
  clientId?: string;
  postLogoutRedirectUri?: string;
  state?: string;
}

/** The page after a person confirms a logout whose session has already ended. */
export class EndedLogouts {
  constructor(private readonly adapters: OidcAdapters) {}

  /**
   * Returns the page, with a link to the target of the logout: the application, or the sign-in of another person for whom
   * the session had to end.
   *
   * @returns undefined if the logout had no target, or the form is not from that page
   */
  async page({ oidc, cookies }: KoaContextWithOIDC): Promise<string | undefined> {
    const { provider, params } = oidc;
    const id = cookies.get(provider.cookieName('session'), { signed: true });
    const session = id && (await (this.adapters('Session') as OidcRecordAdapter).findDead(id));
    const { secret, clientId, postLogoutRedirectUri, state } = ((session || {}).state ?? {}) as LogoutState;
    const sent = params?.['xsrf'];
    if (!postLogoutRedirectUri || !secret || typeof sent !== 'string' || !isSameSecret(secret, sent)) return undefined;
    const target = new URL(postLogoutRedirectUri);
    if (target.origin === new URL(provider.issuer).origin) return signedOutPage({ startAgain: { href: target.href } });
    if (state !== undefined) target.searchParams.set('state', state);
    const client = clientId === undefined ? undefined : await provider.Client.find(clientId);
    return signedOutPage({ backToApp: { href: target.href, name: client?.clientName ?? clientId ?? target.host } });
  }
}
