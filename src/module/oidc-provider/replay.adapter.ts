import { type AdapterPayload, errors } from 'oidc-provider';
import { isDriverError } from '../database/driver-errors.js';
import { OidcRecordAdapter } from './oidc-record.adapter.js';
import { UPSERT_COLUMNS } from './record-statements.js';

/** The primary key refuses the second. */
export const INSERT_ONCE = `INSERT INTO gtr_oidc_record (${UPSERT_COLUMNS.join(', ')})
  VALUES (${UPSERT_COLUMNS.map(() => '?').join(', ')})`;

/**
 * R9: proofs and assertions that the provider has seen, each written once. The library looks first, and of several requests at
 * once none sees anything.
 */
export class ReplayAdapter extends OidcRecordAdapter {
  /** @throws errors.InvalidGrant when it was seen before */
  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    try {
      await super.upsert(id, payload, expiresIn);
    } catch (error) {
      if (error instanceof Error && isDriverError(error.cause, 'duplicateKey'))
        throw new errors.InvalidGrant('used before');
      throw error;
    }
  }
}
