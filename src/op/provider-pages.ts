import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import type { EndedInteractions } from './ended-interactions.js';
import { setPage } from './page.js';
import { deviceCodePage } from './pages/device-code.page.js';
import { deviceConfirmPage } from './pages/device-confirm.page.js';
import { logoutPage } from './pages/logout.page.js';
import { messagePage } from './pages/message.page.js';
import { ROUTES } from './routes.js';

type Koa = KoaContextWithOIDC;

/** The secret that oidc-provider put into the session for the form on this page. */
const xsrfOf = (ctx: Koa): string => (ctx.oidc.session as unknown as { state: { secret: string } }).state.secret;

const clientName = (ctx: Koa): string => ctx.oidc.client?.clientName ?? ctx.oidc.client?.clientId ?? 'an application';

/** Pages the provider asks for: errors, logout, device flow. */
export class ProviderPages {
  constructor(private readonly ended: EndedInteractions) {}

  renderError = async (ctx: Koa, out: ErrorOut, error: Error): Promise<void> => {
    if (error.name === 'SessionNotFound') return this.interactionEnded(ctx);
    if (ctx.oidc?.route === 'end_session_confirm' && !ctx.oidc.session?.accountId) return this.signedOut(ctx);
    const message = out.error_description ?? 'The request cannot be answered.';
    setPage(ctx, messagePage({ title: 'That did not work', message, code: out.error }));
  };

  userCodeInput = async (ctx: Koa, _form: string, out?: ErrorOut, error?: Error): Promise<void> => {
    if (error?.name === 'SessionNotFound') return this.interactionEnded(ctx);
    const userCode = (error as { userCode?: string } | undefined)?.userCode;
    const page = { action: ROUTES.code_verification, xsrf: xsrfOf(ctx), ...(userCode && { userCode }) };
    setPage(ctx, deviceCodePage({ ...page, ...(out && { error: userCodeProblem(error) }) }));
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

  private async interactionEnded(ctx: Koa): Promise<void> {
    const { provider } = ctx.oidc;
    const id = ctx.cookies.get(provider.cookieName('resume'), { signed: true });
    setPage(ctx, await this.ended.page(provider, id));
  }
}

/** What a person can do about a user code that was not taken. */
function userCodeProblem(error: Error | undefined): string {
  if (error?.name === 'AbortedError') return 'The sign-in was cancelled.';
  if (error?.name === 'ExpiredError') return 'This code has expired. Start again on your device.';
  if (error?.name === 'AlreadyUsedError') return 'This code has been used. Start again on your device.';
  return 'This code is not right. Check it on your device and try again.';
}
