import type Provider from 'oidc-provider';

/**
 * Answers requests that a client sent wrongly with 400 where oidc-provider fails with 500. Register it before the other
 * hooks.
 *
 * @see RFC 9110 §15.5.1
 */
export function rejectBadRequests(provider: Provider): void {
  // The library builds URLs from the target and `Host`, for example `http://` + `host` + `x://y/device`.
  provider.use((ctx, next) => {
    if (URL.canParse(ctx.href)) return next();
    ctx.status = 400;
    ctx.body = { error: 'invalid_request', error_description: 'the request target and Host do not form a URL' };
    return undefined;
  });
  keepNoUnsavedSession(provider);
}

/**
 * If the form for user codes comes without the session's cookie, the library adds a secret to a session that was never
 * saved, which it then fails to save. Nothing is lost: the browser has no cookie for it.
 */
function keepNoUnsavedSession({ Session: { prototype } }: Provider): void {
  const persist = Reflect.get(prototype, 'persist') as (this: { exp?: number }) => Promise<unknown>;
  Reflect.set(prototype, 'persist', function (this: { exp?: number }) {
    return this.exp === undefined ? undefined : persist.call(this);
  });
}
