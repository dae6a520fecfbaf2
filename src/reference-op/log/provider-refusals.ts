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

/** Why the provider refused a request; nothing when it did not. */
export const refusalFields = (request: IncomingMessage): RefusalFields => refusals.get(request) ?? {};

/** What the provider says when it refuses: one event for each of its endpoints. */
const EVENTS = [
  ...['authorization.error', 'code_verification.error', 'device_authorization.error', 'device_resume.error'],
  ...['discovery.error', 'end_session.error', 'end_session_confirm.error', 'end_session_success.error', 'grant.error'],
  ...['introspection.error', 'jwks.error', 'pushed_authorization_request.error', 'revocation.error', 'server_error'],
  'userinfo.error',
];

/** Remembers why the provider refuses requests, for their lines in the log. */
export function watchProvider(provider: Provider): void {
  const remember = (ctx: { req: IncomingMessage }, error: ProviderError): void => {
    refusals.set(ctx.req, fieldsOf(error));
  };
  for (const event of EVENTS) provider.on(event as 'server_error', remember);
}

/** A refusal of what a client sent may quote it; a fault of our own is told in full. */
function fieldsOf(error: ProviderError): RefusalFields {
  const reason = { 'event.reason': error.error ?? 'server_error' };
  if (error.status !== undefined && error.status < 500) return reason;
  const { message, stack } = safeError(error.cause ?? error);
  return { ...reason, 'error.message': message, ...(stack !== undefined && { 'error.stack_trace': stack }) };
}
