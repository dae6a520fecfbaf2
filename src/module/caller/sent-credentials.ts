import type { IncomingMessage } from 'node:http';
import { headerValues } from '../http/http-adapter.js';

/** Query parameters that are credentials. @see RFC 6750 §2.3, RFC 6749 §2.3.1, RFC 7521 §4.2 */
const PARAMETERS = ['access_token', 'client_secret', 'client_assertion'];

/** Splits headers that a proxy joined with a comma; no accepted credential contains one. @see RFC 9110 §5.3 */
const JOINED = /,[ \t]*(?=(?:Basic|Bearer|DPoP) )/i;

/**
 * Returns the number of credentials in the headers and the URL. Everything after any `?` may be a parameter, because some
 * proxies do not split the URL at the first one.
 *
 * @param request Node's request
 */
export function sentCredentials(request: IncomingMessage): number {
  const [, ...queries] = (request.url ?? '').split('?');
  const query = new URLSearchParams(queries.join('&'));
  const headers = headerValues(request, 'authorization').flatMap((value) => value.split(JOINED));
  return headers.length + PARAMETERS.flatMap((name) => query.getAll(name)).length;
}
