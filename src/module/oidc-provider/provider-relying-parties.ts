import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type Provider from 'oidc-provider';
import { type LogoutRecipient, type LogoutSubject, RelyingParties } from '../backchannel-logout/relying-parties.js';
import { LOGOUT_EVENT } from '../caller/assertion/logout-token.js';
import { OidcRevocation } from './oidc-revocation.service.js';

/** Members of clients and tokens that the types of oidc-provider lack. */
interface LogoutClient {
  clientId: string;
  backchannelLogoutUri?: string;
  backchannelLogoutSessionRequired?: boolean;
}
interface LogoutToken {
  mask: Record<string, null>;
  set(claim: string, value: unknown): void;
  issue(options: { use: 'logout' }): Promise<string>;
}
type LogoutTokens = new (claims: object, context: { client: unknown; ctx: undefined }) => LogoutToken;

/**
 * The clients of the connected provider, whose own code signs the logout tokens. Provide it as {@link RelyingParties} next to
 * {@link OidcRevocation}.
 *
 * @see OpenID.Back-Channel §2.2, §2.4
 * @publicApi
 */
@Injectable()
export class ProviderRelyingParties extends RelyingParties {
  constructor(@Inject(OidcRevocation) private readonly oidc: Pick<OidcRevocation, 'connected'>) {
    super();
  }

  async find(clientId: string): Promise<LogoutRecipient | undefined> {
    const [provider] = this.oidc.connected;
    if (!provider) throw new Error('no provider is connected: call connect(provider)');
    const client = (await provider.Client.find(clientId)) as unknown as LogoutClient | undefined;
    const uri = client?.backchannelLogoutUri;
    if (uri === undefined) return undefined;
    const needsSid = client?.backchannelLogoutSessionRequired ?? false;
    return { uri, needsSid, logoutToken: (subject) => tokenFor(provider, client, subject) };
  }
}

/** As oidc-provider itself does at RP-initiated logout, but with `sid` only where it is wanted. */
function tokenFor(provider: Provider, client: unknown, { subject, sid }: LogoutSubject): Promise<string> {
  const Token = provider.IdToken as unknown as LogoutTokens;
  const token = new Token({ sub: subject }, { client, ctx: undefined });
  token.mask = { sub: null };
  token.set('events', { [LOGOUT_EVENT]: {} });
  token.set('jti', randomUUID());
  if (sid !== undefined) token.set('sid', sid);
  return token.issue({ use: 'logout' });
}
