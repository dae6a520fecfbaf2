import type { ServerResponse } from 'node:http';
import { writeJson } from '../http/json-answer.js';
import type { CallerRestrictions } from '../options/caller-restrictions.options.js';
import type { RevocationError } from '../revocation.errors.js';

/** Headers of a status. @see RFC 9110 §15.5.6, §15.5.14 */
const HEADERS: Partial<Record<number, Record<string, string>>> = {
  405: { Allow: 'POST' },
  413: { Connection: 'close' },
};

/**
 * Returns whether an unknown user is answered 204, so that the caller does not learn it.
 *
 * @param caller its restriction takes precedence over the option `unknownSubject`
 * @publicApi
 */
export const isUntold = (
  { reason }: RevocationError,
  caller: { restrictions?: CallerRestrictions | undefined } | undefined,
  unknownSubject: CallerRestrictions['unknownSubject'],
): boolean => reason === 'unknownSubject' && (caller?.restrictions?.unknownSubject ?? unknownSubject) === 'no_content';

/** Writes 204. @param headers further ones @see draft-parecki-oauth-global-token-revocation-06 §3.4.1 */
export function writeNoContent(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  response.writeHead(204, { 'Cache-Control': 'no-store', ...headers }).end();
}

/**
 * Writes a refusal to Node's response, so that it is identical on every adapter.
 *
 * @param challenges values of `WWW-Authenticate`
 * @see RFC 6749 §5.2, RFC 9110 §11.6.1, §10.2.3
 */
export function writeRefusal(
  response: ServerResponse,
  refusal: RevocationError,
  challenges: readonly string[] = [],
): void {
  const { status, error, message, retryAfter } = refusal;
  writeJson(
    response,
    status,
    { error, error_description: message },
    {
      ...(challenges.length > 0 && { 'WWW-Authenticate': [...challenges] }),
      ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
      ...HEADERS[status],
    },
  );
}
