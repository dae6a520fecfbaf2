import type { EntityManager } from 'typeorm';
import type { Revocation } from '../revocation.entity.js';
import type { HostTarget } from './host-target.js';

/** By table name: highest order value to end, or {@link EPOCH}; null if the user had no row. */
export type Bounds = Record<string, string | null>;

/** Bound of a table whose rows carry an epoch. */
const EPOCH = 'epoch';

export const boundsOf = ({ targetBounds }: Pick<Revocation, 'targetBounds'>): Bounds =>
  JSON.parse(targetBounds ?? '{}') as Bounds;

/** Returns up to which row of a table a revocation ends rows. Runs in a transaction. */
export const boundOf = async (target: HostTarget, manager: EntityManager, subject: string): Promise<string | null> =>
  target.hasEpochColumn ? EPOCH : ((await target.bound(manager, subject)) ?? null);

/** Returns the tables with rows to end that are none of `names`. */
export const foreignNames = (bounds: Bounds, names: readonly string[]): string[] =>
  Object.keys(bounds).filter((name) => bounds[name] !== null && !names.includes(name));
