import Provider, { errors } from 'oidc-provider';
import { RETRY_AFTER, RevocationError } from '../revocation.errors.js';

/**
 * Translates database failures and exceeded rate limits for the provider: 503 or 429 `temporarily_unavailable` instead of
 * 500 `server_error`.
 *
 * @see RFC 6749 §4.1.2.1
 * @publicApi
 */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RevocationError)) throw error;
    if (error.retryAfter !== undefined) Provider.ctx?.set('Retry-After', String(error.retryAfter));
    const { cause } = error;
    const unavailable = new errors.OIDCProviderError(error.status, error.error, { cause });
    // The first versions of oidc-provider 9 keep no cause.
    throw Object.assign(unavailable, { cause, expose: true, error_description: error.message });
  }
}

/** Answers 429 and 503 for errors in hooks around the provider. Register it before them. */
export function answerUnavailable(provider: Provider): void {
  provider.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof RevocationError) && !isAnswered(ctx, error)) throw error;
      if (error instanceof RevocationError) {
        ctx.status = error.status;
        ctx.body = { error: error.error, error_description: error.message };
      }
    }
    if (ctx.status === 503) ctx.set('Retry-After', String(RETRY_AFTER));
  });
}

/** Whether the answer already says so. The library then tries once more to save the session, which fails again. */
const isAnswered = (ctx: { status: number; body: unknown }, error: unknown): boolean =>
  error instanceof errors.OIDCProviderError && error.status === ctx.status && Boolean(ctx.body);
