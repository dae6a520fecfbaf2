import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AdapterPayload } from 'oidc-provider';
import { isDriverError } from '../database/driver-errors.js';
import { RevocationError } from '../revocation.errors.js';
import type { PreviousRecords } from './previous-adapter.js';
import { CLAIM, CLAIM_COLUMNS, DROP_CLAIM, FILL_CLAIM, type LiveRow } from './record-statements.js';
import type { RecordStore } from './record-store.js';
import { orUnavailable } from './unavailable.js';

/** Milliseconds after which the claim of a process that was killed is given up. */
const CLAIM_MS = 2000;

/** First pause while another request adopts the same record, in milliseconds; each pause is twice as long. */
const FIRST_PAUSE_MS = 10;
const TRIES = 10;

/** What an adopted record is stored as. */
export interface AdoptedRow {
  columns: Record<(typeof CLAIM_COLUMNS)[number], string | number | null>;
  payload: string;
  consumedAt: number | null;
}

interface Adopting {
  /** Loads the record from our table. */
  own: () => Promise<LiveRow | undefined>;
  /** Loads it from the previous adapter. */
  before: () => Promise<AdapterPayload | undefined>;
  /** Id of what `before` found. */
  idOf: (payload: AdapterPayload) => string;
  /** Key of our row. */
  keyOf: (id: string) => string;
  /** @param claim id of this adoption */
  rowOf: (id: string, payload: AdapterPayload, claim: string) => AdoptedRow;
}

/** Whether our table has nothing of a record: no row, or the claim of an adoption that is under way or was killed. */
export const isMissing = (row: LiveRow | undefined): row is undefined => row === undefined || row.payload === '';

/**
 * Moves a record from the previous adapter into our table. First it claims the row, then it looks whether the record is
 * still there, and only then does it fill the row. Whoever ends a record removes it from the previous adapter first and from our
 * table second: either the second look finds nothing, or the claim is gone and cannot be filled. So nothing that has ended
 * comes back, even if a process is killed in between.
 *
 * @returns undefined if there is no such record
 * @throws errors.OIDCProviderError 503 if another process adopts it and does not finish
 */
export async function adopt(
  store: RecordStore,
  previous: PreviousRecords,
  { own, before, idOf, keyOf, rowOf }: Adopting,
): Promise<LiveRow | undefined> {
  for (let tries = 0, pause = FIRST_PAUSE_MS; tries < TRIES; tries += 1, pause *= 2) {
    const found = await before();
    if (found) {
      const id = idOf(found);
      const claim = randomUUID();
      const { columns } = rowOf(id, found, claim);
      await claimRow(store, columns);
      const still = await previous.find(id);
      if (still) {
        const { payload, consumedAt } = rowOf(id, still, claim);
        await store.change(FILL_CLAIM, [payload, consumedAt, columns.id_hash, claim]);
      } else await store.change(DROP_CLAIM, [columns.id_hash, Number.MAX_SAFE_INTEGER]);
    }
    const row = await own();
    if (!isMissing(row)) {
      if (found) await previous.destroy(idOf(found));
      return row;
    }
    // Gone on both sides: it has ended. Another request that adopts it has the row filled before it destroys the record.
    if (!found) return undefined;
    await sleep(pause);
    await store.change(DROP_CLAIM, [keyOf(idOf(found)), (Date.now() - CLAIM_MS) * 1000]);
  }
  return orUnavailable(Promise.reject(new RevocationError('unavailable', { cause: new Error('adopted elsewhere') })));
}

/** Does nothing if there is a row or another claim. */
async function claimRow(store: RecordStore, columns: AdoptedRow['columns']): Promise<void> {
  try {
    await store.change(
      CLAIM,
      CLAIM_COLUMNS.map((column) => columns[column]),
    );
  } catch (error) {
    if (!(error instanceof Error && isDriverError(error.cause, 'duplicateKey'))) throw error;
  }
}
