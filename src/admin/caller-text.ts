import type { Assertion } from '../caller/assertion.js';
import type { RevocationError } from '../revocation.errors.js';
import { isoTime } from './terminal-text.js';

type Facts = Array<readonly [name: string, value: string]>;

/** What a JWT says of itself, believed or not; null for what it does not say. */
export function assertionJson({ header, claims }: Assertion) {
  const { typ = null, alg = null, kid = null } = header;
  const { iss = null, sub = null, aud = null, iat = null, nbf = null, exp = null, jti = null } = claims;
  return { typ, alg, kid, iss, sub, aud, iat, nbf, exp, jti };
}

const TIMES = ['iat', 'nbf', 'exp'];

/** {@link assertionJson}, one fact a line. */
export const assertionText = (says: Readonly<Record<string, unknown>> = {}): Facts =>
  Object.entries(says)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, valueInWords(name, value)] as const);

function valueInWords(name: string, value: unknown): string {
  const isTime = TIMES.includes(name) && typeof value === 'number' && Math.abs(value) < 8.64e12;
  if (isTime) return `${isoTime(value * 1000)} (${secondsFromNow(value)})`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function secondsFromNow(at: number): string {
  const seconds = Math.round(at - Date.now() / 1000);
  return seconds < 0 ? `${-seconds} s ago` : `in ${seconds} s`;
}

/** Why a request is refused: what its caller is told, and what only the operator learns. */
export const refusalJson = (refusal: RevocationError) => ({
  reason: refusal.reason,
  status: refusal.status,
  error: refusal.error,
  error_description: refusal.message,
  details: [refusal.details, refusal.cause]
    .filter((each) => each !== undefined)
    .map(inWords)
    .join(': '),
});

const inWords = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));

/** {@link refusalJson}, one fact a line. */
export function refusalText(refusal: RevocationError): Facts {
  const { reason, status, error, error_description: description, details } = refusalJson(refusal);
  const answer = ['answer', `${status} ${error}: ${description}`] as const;
  return [['refused', reason], answer, ...(details === '' ? [] : [['because', details] as const])];
}
