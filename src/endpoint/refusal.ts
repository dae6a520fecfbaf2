import type { ServerResponse } from 'node:http';
import { GLOBAL_REVOCATION_SCOPE } from '../global-revocation.options.js';
import type { RevocationError } from '../revocation.errors.js';

/** Seconds after which a caller may try again when the database did not answer. */
const RETRY_AFTER = '5';

/**
 * Writes a refusal: status, headers and body, on Node's own response so that it is the same on every adapter.
 *
 * @see RFC 6749 §5.2, RFC 6750 §3, RFC 7617 §2.1
 */
export function writeRefusal(response: ServerResponse, refusal: RevocationError, issuer: string): void {
  response.statusCode = refusal.status;
  for (const [name, value] of Object.entries(headersFor(refusal, issuer))) response.setHeader(name, value);
  const body = JSON.stringify({ error: refusal.error, error_description: refusal.message });
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

function headersFor(refusal: RevocationError, issuer: string): Record<string, string> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  if (refusal.status === 401) headers['WWW-Authenticate'] = `Basic realm="${issuer}", charset="UTF-8"`;
  if (refusal.reason === 'insufficientScope') {
    headers['WWW-Authenticate'] = `Bearer error="insufficient_scope", scope="${GLOBAL_REVOCATION_SCOPE}"`;
  }
  if (refusal.status === 405) headers['Allow'] = 'POST';
  if (refusal.status === 413) headers['Connection'] = 'close';
  if (refusal.status === 503) headers['Retry-After'] = RETRY_AFTER;
  return headers;
}
