import { type AdapterPayload, errors } from 'oidc-provider';
import { isDriverError } from '../database/driver-errors.js';
import { OidcRecordAdapter } from './oidc-record.adapter.js';

/**
 * R9: stores each proof or assertion once. The library only looks before it stores, so concurrent requests could all
 * pass.
 */
export class ReplayAdapter extends OidcRecordAdapter {
  /** @throws errors.InvalidGrant if it was already stored */
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
