import type { DataSource } from 'typeorm';
import { missedEpochs } from '../revocation/missed-epochs.js';
import { type Finding, warning } from './finding.js';
import { unlessMissing } from './missing-schema.js';

/** Fewer revocations say nothing. */
const ENOUGH = 10;

/** Whether most revocations name account ids that nobody signs in with. */
export async function accountIdFindings(dataSource: DataSource): Promise<Finding[]> {
  const found = await unlessMissing(missedEpochs(dataSource));
  if (!found?.hasSignIns || found.recent < ENOUGH || found.missed * 2 <= found.recent) return [];
  const what = `${found.missed} of the last ${found.recent} revocations were of users who never signed in under the revoked account id, so they ended nothing that carries an epoch`;
  const fix = 'make `users.subject` the property whose value tokens carry as `sub`, in the same spelling';
  return [warning('users', `${what}: ${fix}; if these users really never signed in, ignore this`)];
}
