import { Inject, Injectable } from '@nestjs/common';
import type Provider from 'oidc-provider';
import type { AdapterPayload } from 'oidc-provider';
import type { OidcRecordAdapter } from '../adapters/oidc-provider/oidc-record.adapter.js';
import type { OidcAdapters } from '../adapters/oidc-provider/oidc-adapters.js';
import { OIDC_ADAPTERS } from './op.options.js';
import { signedOutPage } from './pages/signed-out.page.js';
import { ROUTES } from './routes.js';

/** The page for a person whose interaction has ended: revoked, expired, or its session is gone. */
@Injectable()
export class EndedInteractions {
  constructor(@Inject(OIDC_ADAPTERS) private readonly adapters: OidcAdapters) {}

  /**
   * Says what happened, with a link that starts the same request again.
   *
   * @param id of the interaction, from its signed cookie; without one the page only says what happened
   */
  async page(provider: Provider, id: string | undefined): Promise<string> {
    const interaction = id && (await (this.adapters('Interaction') as OidcRecordAdapter).findDead(id));
    if (!interaction) return signedOutPage({});
    const href = interaction.deviceCode ? await this.deviceHref(provider, interaction) : authorizationHref(interaction);
    return signedOutPage(href ? { startAgain: { href } } : {});
  }

  /** A user code is taken while its interaction is open; this one is not any more. */
  private async deviceHref(provider: Provider, interaction: AdapterPayload): Promise<string | undefined> {
    const code = await provider.DeviceCode.find(interaction.deviceCode!);
    if (!code?.isValid || code.accountId || code.error) return undefined;
    delete code.inFlight;
    await code.save();
    return `${ROUTES.code_verification}?${new URLSearchParams({ user_code: code.userCode })}`;
  }
}

/** The authorization request as it was; the answer goes to the same application with the same `state`. */
function authorizationHref({ params = {} }: AdapterPayload): string {
  const given = Object.entries(params).filter((param): param is [string, string] => typeof param[1] === 'string');
  return `${ROUTES.authorization}?${new URLSearchParams(given)}`;
}
