import type { IncomingMessage } from 'node:http';
import { RequestContext } from '../audit/request-context.js';
import { keepBody } from '../endpoint/request-body.js';
import { headerValues } from '../http/http-adapter.js';
import { RevocationError } from '../revocation.errors.js';

const FORM = /^application\/x-www-form-urlencoded[\t ]*(;|$)/i;

/**
 * Returns the one `logout_token` of a form. Other parameters are ignored.
 *
 * @throws RevocationError `methodNotAllowed`, `logoutRequest`, `bodyTooLarge`, `unavailable`
 * @see OpenID.Back-Channel §2.5
 */
export async function logoutTokenIn(request: IncomingMessage): Promise<string> {
  const [type = '', ...more] = headerValues(request, 'content-type');
  if (request.method !== 'POST') throw new RevocationError('methodNotAllowed');
  if (more.length > 0 || !FORM.test(type)) throw new RevocationError('logoutRequest', { details: 'Content-Type' });
  const reason = await keepBody(request);
  if (reason) throw new RevocationError(reason);
  const form = new URLSearchParams(Buffer.from(RequestContext.of(request).steps.body!).toString());
  const [token = '', ...others] = form.getAll('logout_token');
  if (token === '' || others.length > 0) throw new RevocationError('logoutRequest', { details: 'logout_token' });
  return token;
}
