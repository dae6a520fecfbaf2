import { EVERYBODY, PREVIOUS_OF_FIRST, REALM_EPOCH } from './live-epoch.js';

/** Position of a revocation among those of the same user in one transaction. */
export interface Place {
  isFirst: boolean;
  /** How many come after it. */
  later: number;
}

export const ONLY: Place = { isFirst: true, later: 0 };

/** Returns the place of each revocation, and how often each user is revoked. @param keys their users, by subject key */
export function placesOf(keys: readonly string[]): { places: Place[]; times: Map<string, number> } {
  const times = new Map<string, number>();
  const nth = keys.map((key) => {
    times.set(key, (times.get(key) ?? 0) + 1);
    return times.get(key)!;
  });
  const places = keys.map((key, i) => ({ isFirst: nth[i] === 1, later: times.get(key)! - nth[i]! }));
  return { places, times };
}

/** What credentials carry: the epoch of the realm is added to that of a user. */
const REALM = `CASE WHEN e.subject_hash = '${EVERYBODY}' THEN 0 ELSE ${REALM_EPOCH} END`;

const ofRow = (value: string): string =>
  `(SELECT ${value} + ${REALM} FROM gtr_subject_epoch e WHERE e.subject_hash = ?)`;

/** No credential has an epoch from before the first, so nothing is added. */
const PREVIOUS = `(SELECT e.previous + CASE WHEN e.previous <= ${PREVIOUS_OF_FIRST} THEN 0 ELSE ${REALM} END
  FROM gtr_subject_epoch e WHERE e.subject_hash = ?)`;

/** SQL: the epoch before a revocation whose transaction has raised it. The parameter is the subject key. */
export const epochBefore = ({ isFirst, later }: Place): string =>
  isFirst ? PREVIOUS : ofRow(`e.epoch - ${later + 1}`);

/** SQL: the epoch after it. */
export const epochAfter = ({ later }: Place): string => ofRow(later === 0 ? 'e.epoch' : `e.epoch - ${later}`);
