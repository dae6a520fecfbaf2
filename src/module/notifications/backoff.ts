/** Attempts until a delivery is dead. */
export const ATTEMPTS_MAX = 8;

const FIRST_MS = 5000;
const FACTOR = 4;
const MOST_MS = 3_600_000;
/** Longest time that a recipient can ask for. */
const ASKED_MOST_MS = 86_400_000;

/**
 * Returns how long to wait after a failed attempt, in milliseconds: 5 s, 20 s, 80 s and so on up to an hour, half as much or
 * half again at random, so that recipients that come back are not told everything at once.
 *
 * @param attempt number of the attempt that failed; the first is 1
 * @param askedMs what the recipient asked for
 */
export function backoff(attempt: number, askedMs = 0): number {
  const usual = Math.min(MOST_MS, FIRST_MS * FACTOR ** (attempt - 1)) * (0.5 + Math.random());
  return Math.round(Math.max(usual, Math.min(askedMs, ASKED_MOST_MS)));
}
