import type { ServerResponse } from 'node:http';
import { writeJson } from '../http/json-answer.js';
import type { RevocationError } from '../revocation.errors.js';
import type { Reply } from './management-call.js';
import type { SsfRefusal } from './ssf-refusal.js';

export function writeReply(response: ServerResponse, { status, body }: Reply): void {
  if (body !== undefined) return writeJson(response, status, body);
  response.writeHead(status, { ...(status !== 204 && { 'Content-Length': 0 }), 'Cache-Control': 'no-store' }).end();
}

/** Writes a refusal. @param authorization header of the request @see RFC 6750 §3, §3.1 */
export function writeRefusal(
  response: ServerResponse,
  refusal: SsfRefusal | RevocationError,
  authorization: string | undefined,
  { issuer }: Readonly<Record<string, unknown>>,
): void {
  const { status, error, message, retryAfter } = refusal;
  const scheme = /^DPoP /i.test(authorization ?? '') ? 'DPoP' : 'Bearer';
  const isTold = authorization !== undefined;
  const scope = 'scope' in refusal ? refusal.scope : undefined;
  if (status === 401)
    response.setHeader('WWW-Authenticate', `${scheme} realm="${String(issuer)}"${isTold ? `, error="${error}"` : ''}`);
  if (scope !== undefined) response.setHeader('WWW-Authenticate', `${scheme} error="${error}", scope="${scope}"`);
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
  if (status === 413) response.setHeader('Connection', 'close');
  writeReply(response, { status, body: { error, error_description: message } });
}
