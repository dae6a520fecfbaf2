import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import { RevocationError } from '../revocation.errors.js';

/** Seconds after which a client may try again. */
const RETRY_AFTER = '5';

/**
 * What waits for the database, in the provider's words: 503 `temporarily_unavailable` instead of 500 `server_error`.
 *
 * @see RFC 6749 §4.1.2.1
 * @publicApi
 */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RevocationError)) throw error;
    const unavailable = new errors.OIDCProviderError(error.status, error.error, { cause: error.cause });
    throw Object.assign(unavailable, { expose: true, error_description: error.message });
  }
}

/** Answers for the hooks around the provider, whose errors it does not see. Registered before them. */
export function answerUnavailable(provider: Provider): void {
  provider.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof RevocationError)) throw error;
      ctx.status = error.status;
      ctx.body = { error: error.error, error_description: error.message };
    }
    if (ctx.status === 503) ctx.set('Retry-After', RETRY_AFTER);
  });
}
