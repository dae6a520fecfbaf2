import { type AdapterPayload, errors } from 'oidc-provider';
import { OidcRecordAdapter } from './oidc-record.adapter.js';
import { UPDATE_LIVE } from './record-statements.js';

/**
 * Stores CIBA requests. A result only updates a live request, because the row may be gone by the time the host passes the
 * result, which can take minutes.
 */
export class BackchannelAdapter extends OidcRecordAdapter {
  /** @throws errors.InvalidGrant for the result of a request that has ended, so that the client gets nothing */
  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const hasResult = payload.grantId !== undefined || payload['error'] !== undefined;
    if (payload.accountId === undefined || !hasResult) return super.upsert(id, payload, expiresIn);
    const row = await this.rowOf(id, payload, expiresIn);
    const values = [row.grant_hash, row.payload, row.expires_at, row.saved_at, row.id_hash];
    if ((await this.store.change(UPDATE_LIVE, values)) === 0) {
      throw new errors.InvalidGrant('the authentication request was revoked or has expired');
    }
  }
}
