import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';

type Koa = KoaContextWithOIDC;

const ERROR = { error: 'login_required', error_description: 'the sign-in has ended' };

/** Answers of the authorization endpoint that contain an ID token. */
const withIdToken = new WeakSet<object>();

/** Notes which answers contain an ID token: in the hybrid and implicit flows it leaves from the authorization endpoint. */
export function watchIdTokens(provider: Provider): void {
  provider.on('authorization.success', (ctx, answer) => {
    if (answer?.['id_token'] !== undefined) withIdToken.add(ctx);
  });
}

/**
 * Replaces an authorization response that contains an ID token by an error, in the same response mode: `fragment` or
 * `form_post`. Modes that sign or script the parameters get a plain 400. An ID token never leaves in a query.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.6
 */
export function holdBackIdToken(ctx: Koa): void {
  if (!withIdToken.has(ctx)) return;
  const { responseMode, params, issuer } = ctx.oidc;
  const answer = { ...ERROR, iss: issuer };
  if (responseMode === 'fragment') {
    const state = params?.['state'];
    const target = new URL(String(params?.['redirect_uri']));
    target.hash = new URLSearchParams({ ...answer, ...(typeof state === 'string' && { state }) }).toString();
    ctx.redirect(target.href);
  } else if (responseMode === 'form_post') {
    const added = Object.entries(answer).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}"/>`,
    );
    ctx.body = String(ctx.body).replace(INPUTS, (inputs) => [...added, STATE.exec(inputs)?.[0]].join('\n'));
  } else {
    ctx.status = 400;
    ctx.body = ERROR;
  }
}

/** The fields of the library's page for `form_post`, which are at the beginning of its form. */
const INPUTS = /<input type="hidden"[^>]*>(?:\s*<input type="hidden"[^>]*>)*/;
const STATE = /<input type="hidden" name="state" [^>]*>/;
