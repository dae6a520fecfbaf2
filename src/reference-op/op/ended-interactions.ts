import type Provider from 'oidc-provider';
import type { AdapterPayload } from 'oidc-provider';
import type { OidcAdapters, OidcRecordAdapter } from 'nestjs-global-revocation/oidc-provider';
import { signedOutPage } from './pages/signed-out.page.js';
import { ROUTES } from './routes.js';
import { UserCodes } from './user-codes.js';

/** The page after an interaction has ended: it was revoked, has expired, or has lost its session. */
export class EndedInteractions {
  private readonly codes: UserCodes;

  constructor(private readonly adapters: OidcAdapters) {
    this.codes = new UserCodes(adapters);
  }

  /**
   * Returns the page, with a link that starts the same request again.
   *
   * @param id of the interaction, from its signed cookie; without it, the page has no link
   * @param description of the error that reported the end
   */
  async page(provider: Provider, id: string | undefined, description?: string): Promise<string> {
    const interaction = id && (await (this.adapters('Interaction') as OidcRecordAdapter).findDead(id));
    if (!interaction) return signedOutPage({});
    const href = interaction.deviceCode
      ? await this.deviceHref(provider, interaction.deviceCode, description)
      : authorizationHref(interaction);
    return signedOutPage(href ? { startAgain: { href } } : {});
  }

  private async deviceHref(
    provider: Provider,
    id: string,
    description: string | undefined,
  ): Promise<string | undefined> {
    const code = await provider.DeviceCode.find(id);
    if (!(await this.codes.giveBack(code, description))) return undefined;
    return `${ROUTES.code_verification}?${new URLSearchParams({ user_code: code!.userCode })}`;
  }
}

/** Returns the URL of the same authorization request, with the same `state`. */
function authorizationHref({ params = {} }: AdapterPayload): string {
  const given = Object.entries(params).filter((param): param is [string, string] => typeof param[1] === 'string');
  return `${ROUTES.authorization}?${new URLSearchParams(given)}`;
}
