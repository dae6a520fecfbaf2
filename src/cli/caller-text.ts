import type { Caller, RevocationError } from 'nestjs-global-revocation';
import type { Assertion } from 'nestjs-global-revocation/administration';
import { isoTime } from './terminal-text.js';

type Facts = Array<readonly [name: string, value: string]>;

/** Returns the main members of a JWT, verified or not; null for those that are missing. */
export function assertionJson({ header, claims }: Assertion) {
  const { typ = null, alg = null, kid = null } = header;
  const { iss = null, sub = null, aud = null, iat = null, nbf = null, exp = null, jti = null } = claims;
  return { typ, alg, kid, iss, sub, aud, iat, nbf, exp, jti };
}

const TIMES = ['iat', 'nbf', 'exp'];

/** Returns {@link assertionJson} as text, one fact per line. */
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

/** Returns the caller as which the request was accepted; null if it was rejected. */
export const callerJson = (caller: Caller | undefined) =>
  caller
    ? { id: caller.id, method: caller.method, keyId: caller.keyId ?? null, restrictions: caller.restrictions ?? null }
    : null;

/** Returns the restrictions of the caller as text. */
export const restrictionsText = (caller: Caller | undefined): Facts =>
  caller ? [['restrictions', JSON.stringify(caller.restrictions ?? null)]] : [];

/**
 * Returns why a request is refused: the answer to its caller, and the details for the operator.
 *
 * @param isUntold whether the caller gets a 204 instead
 */
export const refusalJson = (refusal: RevocationError, isUntold: boolean) => ({
  reason: refusal.reason,
  ...(isUntold
    ? { status: 204, error: null, error_description: null }
    : { status: refusal.status, error: refusal.error, error_description: refusal.message }),
  details: [refusal.details, refusal.cause]
    .filter((each) => each !== undefined)
    .map(inWords)
    .join(': '),
});

const inWords = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Returns {@link refusalJson} as text, one fact per line. */
export function refusalText({
  reason,
  status,
  error,
  error_description: says,
  details,
}: ReturnType<typeof refusalJson>): Facts {
  const answer = error === null ? `${status}, the same as for a known user` : `${status} ${error}: ${says}`;
  return [['refused', reason], ['answer', answer], ...(details === '' ? [] : [['because', details] as const])];
}
