import type { EntityManager } from 'typeorm';
import { epochStates } from '../epoch-states.js';
import { EVERYBODY, FROM_BEFORE, isLiveEpoch, isWithoutEpoch } from '../live-epoch.js';
import { subjectKey } from '../subject-epochs.js';

/** Primary key of a row of the host. */
export type Key = Record<string, unknown>;

/** A row, its user and its epoch. */
export interface Owned extends Key {
  subject: string | null;
  epoch: string | null;
}

/**
 * Returns the users of some rows of which at least one is dead, and their epochs.
 *
 * @param keepsOld whether rows without an epoch are live until their user is revoked
 */
export async function usersWithDead(
  manager: EntityManager,
  rows: readonly Owned[],
  keepsOld: boolean,
): Promise<Map<string, number>> {
  const byKey = new Map(rows.flatMap(({ subject }) => (subject ? [[subjectKey(subject), subject] as const] : [])));
  const states = await epochStates(manager, [...byKey.keys(), EVERYBODY]);
  const found = new Map<string, number>();
  for (const [key, subject] of byKey) {
    const own = states.get(key);
    if (!own) continue;
    const isOldLive = keepsOld && isLiveEpoch(FROM_BEFORE, own, states.get(EVERYBODY));
    const isDead = ({ epoch }: Owned): boolean => (isWithoutEpoch(epoch) ? !isOldLive : Number(epoch) < own.epoch);
    if (rows.some((row) => row.subject === subject && isDead(row))) found.set(subject, own.epoch);
  }
  return found;
}
