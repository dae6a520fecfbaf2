import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import type { OidcAdapters } from 'nestjs-global-revocation/oidc-provider';
import { EndedInteractions } from './ended-interactions.js';
import { EndedLogouts } from './ended-logouts.js';
import { setPage } from './page.js';
import { deviceCodePage } from './pages/device-code.page.js';
import { deviceConfirmPage } from './pages/device-confirm.page.js';
import { logoutPage } from './pages/logout.page.js';
import { messagePage } from './pages/message.page.js';
import { ROUTES } from './routes.js';
import { UserCodes } from './user-codes.js';

type Koa = KoaContextWithOIDC;

/** Returns the secret that oidc-provider stored in the session for the form on this page. */
const xsrfOf = (ctx: Koa): string => (ctx.oidc.session as unknown as { state: { secret: string } }).state.secret;

const clientName = (ctx: Koa): string => ctx.oidc.client?.clientName ?? ctx.oidc.client?.clientId ?? 'an application';

/** Returns whether a form came without the cookie of its page; the library then saves no session. */
const isWithoutCookie = ({ oidc: { session } }: Koa): boolean => session?.exp === undefined;

function cookieMissing(ctx: Koa): void {
  const message = 'Your browser did not send the cookie for that page. Allow cookies for this site, then start again.';
  const link = { href: ROUTES.code_verification, label: 'Start again' };
  setPage(ctx, messagePage({ title: 'That did not work', message, link }));
}

/** The pages of the provider for errors, logout and the device flow. */
export class ProviderPages {
  private readonly ended: EndedInteractions;
  private readonly endedLogouts: EndedLogouts;
  private readonly codes: UserCodes;

  constructor(adapters: OidcAdapters) {
    this.ended = new EndedInteractions(adapters);
    this.endedLogouts = new EndedLogouts(adapters);
    this.codes = new UserCodes(adapters);
  }

  renderError = async (ctx: Koa, out: ErrorOut, error: Error): Promise<void> => {
    if (error.name === 'SessionNotFound') return this.interactionEnded(ctx, out);
    if (ctx.oidc?.route === 'end_session_confirm' && !ctx.oidc.session?.accountId) return this.logoutEnded(ctx);
    const message = out.error_description ?? 'The server cannot process this request.';
    setPage(ctx, messagePage({ title: 'That did not work', message, code: out.error }));
  };

  userCodeInput = async (ctx: Koa, _form: string, out?: ErrorOut, error?: Error): Promise<void> => {
    if (error?.name === 'SessionNotFound') return this.interactionEnded(ctx, out);
    if (error && isWithoutCookie(ctx)) return cookieMissing(ctx);
    const typed = ctx.oidc.params?.['user_code'];
    const isAgain = error !== undefined && typeof typed === 'string' && (await this.mayTryAgain(ctx, typed, error));
    const userCode = isAgain ? typed : (error as { userCode?: string } | undefined)?.userCode;
    const advice = isAgain ? 'The sign-in with this code has ended. Continue to start again.' : userCodeAdvice(error);
    const page = { action: ROUTES.code_verification, xsrf: xsrfOf(ctx), ...(userCode && { userCode }) };
    setPage(ctx, deviceCodePage({ ...page, ...(out && { error: advice }) }));
  };

  userCodeConfirm = (ctx: Koa, _form: string, _client: unknown, _device: unknown, displayCode: string): void => {
    const userCode = String(ctx.oidc.params?.['user_code']);
    const page = { action: ROUTES.code_verification, xsrf: xsrfOf(ctx), userCode, displayCode };
    setPage(ctx, deviceConfirmPage({ ...page, clientName: clientName(ctx) }));
  };

  deviceDone = (ctx: Koa): void => {
    const message = 'You are signed in on your device. You may close this page.';
    setPage(ctx, messagePage({ title: 'Device connected', message }));
  };

  logout = (ctx: Koa): void => {
    const target = ctx.oidc.params?.['post_logout_redirect_uri'];
    const page = { action: `${ROUTES.end_session}/confirm`, xsrf: xsrfOf(ctx) };
    const asked = ctx.oidc.client && { clientName: clientName(ctx) };
    setPage(ctx, logoutPage({ ...page, ...asked }), typeof target === 'string' ? [target] : []);
  };

  signedOut = (ctx: Koa): void => {
    const isAppOnly = Boolean(ctx.oidc.client);
    const message = isAppOnly ? `You are signed out of ${clientName(ctx)}.` : 'You are signed out in this browser.';
    setPage(ctx, messagePage({ title: 'Signed out', message }));
  };

  private async interactionEnded(ctx: Koa, out?: ErrorOut): Promise<void> {
    const { provider } = ctx.oidc;
    const id = ctx.cookies.get(provider.cookieName('resume'), { signed: true });
    setPage(ctx, await this.ended.page(provider, id, out?.error_description));
  }

  private async logoutEnded(ctx: Koa): Promise<void> {
    const page = await this.endedLogouts.page(ctx);
    if (page === undefined) this.signedOut(ctx);
    else setPage(ctx, page);
  }

  /** Returns whether a rejected code is still valid, because its sign-in or the session of the form has ended. */
  private async mayTryAgain(ctx: Koa, typed: string, error: Error): Promise<boolean> {
    if (error.name === 'InvalidRequest') return ctx.oidc.entities.DeviceCode === undefined;
    return error.name === 'AlreadyUsedError' && this.codes.giveBackTyped(ctx.oidc.provider, typed);
  }
}

/** Returns advice for a person whose user code was rejected. */
function userCodeAdvice(error: Error | undefined): string {
  if (error?.name === 'AbortedError') return 'The sign-in was cancelled.';
  if (error?.name === 'ExpiredError') return 'This code has expired. Start again on your device.';
  if (error?.name === 'AlreadyUsedError') return 'This code has been used. Start again on your device.';
  if (error?.name === 'NotFoundError' || error?.name === 'NoCodeError') {
    return 'This code is not right. Check it on your device and try again.';
  }
  return 'The sign-in with this code did not work. Start again on your device.';
}
