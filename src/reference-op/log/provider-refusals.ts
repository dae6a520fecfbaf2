import type { IncomingMessage } from 'node:http';
import type Provider from 'oidc-provider';
import { safeError } from 'nestjs-global-revocation';

/** Fields of a request that the provider refused. */
export interface RefusalFields {
  /** `error` of the answer. @see RFC 6749 §5.2 */
  'event.reason'?: string;
  'error.message'?: string;
  'error.stack_trace'?: string;
}

type ProviderError = Error & { error?: string; status?: number };

const refusals = new WeakMap<IncomingMessage, RefusalFields>();

/** Returns why the provider refused a request; no fields if it did not. */
export const refusalFields = (request: IncomingMessage): RefusalFields => refusals.get(request) ?? {};

/** The events of the provider for refusals, one per endpoint. */
const EVENTS = [
  ...['authorization.error', 'code_verification.error', 'device_authorization.error', 'device_resume.error'],
  ...['discovery.error', 'end_session.error', 'end_session_confirm.error', 'end_session_success.error', 'grant.error'],
  ...['introspection.error', 'jwks.error', 'pushed_authorization_request.error', 'revocation.error', 'server_error'],
  'userinfo.error',
];

/** Remembers why the provider refuses requests, for the log. */
export function watchProvider(provider: Provider): void {
  const remember = (ctx: { req: IncomingMessage }, error: ProviderError): void => {
    refusals.set(ctx.req, fieldsOf(error));
  };
  for (const event of EVENTS) provider.on(event as 'server_error', remember);
}

/** Returns only the reason of a refusal, whose message may quote the client; returns our own errors in full. */
function fieldsOf(error: ProviderError): RefusalFields {
  const reason = { 'event.reason': error.error ?? 'server_error' };
  if (error.status !== undefined && error.status < 500) return reason;
  const { message, stack } = safeError(error.cause ?? error);
  return { ...reason, 'error.message': message, ...(stack !== undefined && { 'error.stack_trace': stack }) };
}
