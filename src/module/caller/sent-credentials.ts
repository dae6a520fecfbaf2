import type { IncomingMessage } from 'node:http';
import { headerValues } from '../http/http-adapter.js';

/** Query parameters that are credentials. @see RFC 6750 §2.3, RFC 6749 §2.3.1, RFC 7521 §4.2 */
const PARAMETERS = ['access_token', 'client_secret', 'client_assertion'];

/** Where a proxy has made one header of two: no credential that we take contains a comma. @see RFC 9110 §5.3 */
const JOINED = /,[ \t]*(?=(?:Basic|Bearer|DPoP) )/i;

/**
 * How many credentials a request carries, in the header and in the address. Whatever follows a `?` there may be a parameter,
 * because not everybody on the way divides it at the first one.
 *
 * @param request Node's own
 */
export function sentCredentials(request: IncomingMessage): number {
  const [, ...queries] = (request.url ?? '').split('?');
  const query = new URLSearchParams(queries.join('&'));
  const headers = headerValues(request, 'authorization').flatMap((value) => value.split(JOINED));
  return headers.length + PARAMETERS.flatMap((name) => query.getAll(name)).length;
}
