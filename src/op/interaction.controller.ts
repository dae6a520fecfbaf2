import type { IncomingMessage, ServerResponse } from 'node:http';
import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import Provider, { errors, type InteractionResults } from 'oidc-provider';
import { AccountsService } from './accounts.service.js';
import { EndedInteractions } from './ended-interactions.js';
import { OIDC_ADAPTERS, OIDC_PROVIDER } from './op.options.js';
import type { OidcAdapters } from '../adapters/oidc-provider/oidc-adapters.js';
import { sendPage } from './page.js';
import { consentPage } from './pages/consent.page.js';
import { loginPage } from './pages/login.page.js';
import { INTERACTION } from './routes.js';
import { scopeMeanings } from './scope-meanings.js';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Text of a form field; what is no text is empty. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The pages on which a person signs in and consents. They work without JavaScript. */
@Controller(`${INTERACTION}/:uid`)
export class InteractionController {
  private readonly ended: EndedInteractions;

  constructor(
    @Inject(OIDC_PROVIDER) private readonly provider: Provider,
    @Inject(OIDC_ADAPTERS) adapters: OidcAdapters,
    @Inject(AccountsService) private readonly accounts: AccountsService,
  ) {
    this.ended = new EndedInteractions(adapters);
  }

  @Get()
  show(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    return this.within(request, response, async (interaction) => {
      const page = interaction.prompt.name === 'login' ? this.login(interaction) : await this.consent(interaction);
      sendPage(response, 200, page, [textOf(interaction.params['redirect_uri'])]);
    });
  }

  @Post('login')
  signIn(
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
    @Body() form: Record<string, unknown> = {},
  ): Promise<void> {
    return this.within(request, response, async (interaction) => {
      const identifier = textOf(form['identifier']);
      const accountId = await this.accounts.signIn(identifier, textOf(form['password']));
      if (accountId) return this.finish(request, response, { login: { accountId } });
      const page = this.login(interaction, { identifier, error: 'Username or password is wrong.' });
      sendPage(response, 400, page, [textOf(interaction.params['redirect_uri'])]);
    });
  }

  @Post('consent')
  allow(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    return this.within(request, response, async (interaction) => {
      const grantId = await this.grant(interaction);
      await this.finish(request, response, { consent: { grantId } });
    });
  }

  @Post('abort')
  deny(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    return this.within(request, response, () =>
      this.finish(request, response, { error: 'access_denied', error_description: 'the person cancelled' }),
    );
  }

  /** Loads the live interaction of this browser; without one the person is told so and can start again. */
  private async within(
    request: IncomingMessage,
    response: ServerResponse,
    step: (interaction: Interaction) => Promise<void>,
  ): Promise<void> {
    try {
      await step(await this.provider.interactionDetails(request, response));
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      const { cookies } = this.provider.createContext(request, response);
      const id = cookies.get(this.provider.cookieName('interaction'), { signed: true });
      sendPage(response, 400, await this.ended.page(this.provider, id));
    }
  }

  private login({ uid, params }: Interaction, more: { identifier?: string; error?: string } = {}): string {
    const path = `/${INTERACTION}/${uid}`;
    const identifier = textOf(params['login_hint']);
    const clientName = textOf(params['client_id']);
    return loginPage({ action: `${path}/login`, abortAction: `${path}/abort`, clientName, identifier, ...more });
  }

  private async consent({ uid, params, prompt, session }: Interaction): Promise<string> {
    const path = `/${INTERACTION}/${uid}`;
    return consentPage({
      action: `${path}/consent`,
      abortAction: `${path}/abort`,
      clientName: textOf(params['client_id']),
      accountName: await this.accounts.nameOf(session!.accountId),
      scopes: scopeMeanings(prompt.details['missingOIDCScope'] as string[] | undefined),
    });
  }

  /** Saves what the person allowed, in the grant they have or in a new one. */
  private async grant({ grantId, params, prompt, session }: Interaction): Promise<string> {
    if (!session) throw new errors.SessionNotFound('nobody is signed in');
    const { Grant } = this.provider;
    const grant = grantId
      ? await Grant.find(grantId)
      : new Grant({ accountId: session.accountId, clientId: textOf(params['client_id']) });
    if (!grant) throw new errors.SessionNotFound('grant not found');
    const { missingOIDCScope, missingOIDCClaims } = prompt.details as Record<string, string[] | undefined>;
    if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
    if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
    return grant.save();
  }

  private finish(request: IncomingMessage, response: ServerResponse, result: InteractionResults): Promise<void> {
    return this.provider.interactionFinished(request, response, result, {
      mergeWithLastSubmission: !('error' in result),
    });
  }
}
