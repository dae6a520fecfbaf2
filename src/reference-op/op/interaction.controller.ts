import type { IncomingMessage, ServerResponse } from 'node:http';
import { Body, Controller, Get, Inject, Ip, Logger, Post, Req, Res } from '@nestjs/common';
import Provider, { errors, type InteractionResults } from 'oidc-provider';
import { nodeRequest, RevocationError, takeOver } from 'nestjs-global-revocation';
import type { OidcAdapters } from 'nestjs-global-revocation/oidc-provider';
import { AccountsService } from './accounts.service.js';
import { EndedInteractions } from './ended-interactions.js';
import { OIDC_ADAPTERS, OIDC_PROVIDER } from './op.options.js';
import { sendPage } from './page.js';
import { consentPage } from './pages/consent.page.js';
import { messagePage } from './pages/message.page.js';
import { loginPage } from './pages/login.page.js';
import { INTERACTION } from './routes.js';
import { scopeMeanings } from './scope-meanings.js';
import { SignInTries } from './sign-in-tries.js';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Node's own request and response. */
interface Http {
  request: IncomingMessage;
  response: ServerResponse;
}

/** Returns the text of a form field; empty if it is not text. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The pages on which a person signs in and consents. They work without JavaScript. */
@Controller(`${INTERACTION}/:uid`)
export class InteractionController {
  private readonly ended: EndedInteractions;
  private readonly logger = new Logger('Interaction');

  constructor(
    @Inject(OIDC_PROVIDER) private readonly provider: Provider,
    @Inject(OIDC_ADAPTERS) adapters: OidcAdapters,
    @Inject(AccountsService) private readonly accounts: AccountsService,
    @Inject(SignInTries) private readonly tries: SignInTries,
  ) {
    this.ended = new EndedInteractions(adapters);
  }

  @Get()
  show(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    return this.within(request, response, async (interaction, http) => {
      const page = await (interaction.prompt.name === 'login' ? this.login(interaction) : this.consent(interaction));
      sendPage(http.response, 200, page, [textOf(interaction.params['redirect_uri'])]);
    });
  }

  @Post('login')
  signIn(
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
    @Ip() source: string,
    @Body() form: Record<string, unknown> = {},
  ): Promise<void> {
    return this.within(request, response, async (interaction, http) => {
      const identifier = textOf(form['identifier']);
      const { id, ...named } = await this.accounts.named(identifier);
      const attempt = { source, ...named };
      const wait = this.tries.secondsToWait(attempt);
      if (wait > 0) return this.tooMany(interaction, http, identifier, wait);
      const check = () => this.accounts.signIn(id, textOf(form['password']));
      const accountId = await this.tries.count(attempt, check);
      if (accountId) return this.finish(http, { login: { accountId } });
      const page = await this.login(interaction, { identifier, error: 'Username or password is wrong.' });
      sendPage(http.response, 400, page, [textOf(interaction.params['redirect_uri'])]);
    });
  }

  @Post('consent')
  allow(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    return this.within(request, response, async (interaction, http) => {
      const grantId = await this.grant(interaction);
      await this.finish(http, { consent: { grantId } });
    });
  }

  @Post('abort')
  deny(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    return this.within(request, response, (_interaction, http) =>
      this.finish(http, { error: 'access_denied', error_description: 'the person cancelled' }),
    );
  }

  /** Loads the live interaction of this browser; if there is none, shows a page with a link to start again. */
  private async within(
    request: IncomingMessage,
    response: ServerResponse,
    step: (interaction: Interaction, http: Http) => Promise<void>,
  ): Promise<void> {
    const http = { request: nodeRequest(request), response: takeOver(response) };
    try {
      await step(await this.provider.interactionDetails(http.request, http.response), http);
    } catch (error) {
      await this.failed(http, error);
    }
  }

  private async failed({ request, response }: Http, error: unknown): Promise<void> {
    if (error instanceof errors.SessionNotFound) {
      const { cookies } = this.provider.createContext(request, response);
      const id = cookies.get(this.provider.cookieName('interaction'), { signed: true });
      return sendPage(response, 400, await this.ended.page(this.provider, id));
    }
    const isBusy = error instanceof errors.OIDCProviderError || error instanceof RevocationError;
    if (!isBusy) this.logger.error(error);
    const message = isBusy
      ? 'We cannot sign you in right now. Please try again in a moment.'
      : 'Please try again later.';
    sendPage(response, isBusy ? error.status : 500, messagePage({ title: 'That did not work', message }));
  }

  /** @see RFC 6585 §4 */
  private async tooMany(interaction: Interaction, http: Http, identifier: string, seconds: number): Promise<void> {
    const minutes = Math.ceil(seconds / 60);
    const error = `Too many wrong passwords. Please try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
    const page = await this.login(interaction, { identifier, error });
    http.response.setHeader('Retry-After', seconds);
    sendPage(http.response, 429, page, [textOf(interaction.params['redirect_uri'])]);
  }

  private async login(
    { uid, params }: Interaction,
    more: { identifier?: string; error?: string } = {},
  ): Promise<string> {
    const path = `/${INTERACTION}/${uid}`;
    const identifier = textOf(params['login_hint']);
    const clientName = await this.clientName(params);
    return loginPage({ action: `${path}/login`, abortAction: `${path}/abort`, clientName, identifier, ...more });
  }

  private async consent({ uid, params, session }: Interaction): Promise<string> {
    const path = `/${INTERACTION}/${uid}`;
    return consentPage({
      action: `${path}/consent`,
      abortAction: `${path}/abort`,
      clientName: await this.clientName(params),
      accountName: await this.accounts.nameOf(session!.accountId),
      scopes: scopeMeanings(textOf(params['scope']).split(' ')),
    });
  }

  private async clientName(params: Interaction['params']): Promise<string> {
    const id = textOf(params['client_id']);
    return (await this.provider.Client.find(id))?.clientName ?? id;
  }

  /** Saves the consent in the existing grant or in a new one. */
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

  private finish({ request, response }: Http, result: InteractionResults): Promise<void> {
    return this.provider.interactionFinished(request, response, result, {
      mergeWithLastSubmission: !('error' in result),
    });
  }
}
