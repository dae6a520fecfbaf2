import type { KoaContextWithOIDC } from 'oidc-provider';
import { isSameSecret } from 'nestjs-global-revocation/administration';
import type { OidcAdapters, OidcRecordAdapter } from 'nestjs-global-revocation/oidc-provider';
import { signedOutPage } from './pages/signed-out.page.js';

/** What oidc-provider keeps in a session while its logout page is open. */
interface LogoutState {
  secret?: string;
  clientId?: string;
  postLogoutRedirectUri?: string;
  state?: string;
}

/** The page for a person who answers a logout page after the session behind it has ended. */
export class EndedLogouts {
  constructor(private readonly adapters: OidcAdapters) {}

  /**
   * Says what happened, with a link to where the logout would have led: back to the application, or on with the sign-in of
   * another person, for whom the session was to make room.
   *
   * @returns undefined when it would have led nowhere, or the form did not come from that page
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
