import type { DataSource } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { isMysql } from '../database/sql-dialect.js';
import { marks } from '../database/statement.js';
import type { Finding } from './finding.js';

/** Session variables by name, without those that the server does not know. */
type ClusterVariables = Readonly<Record<string, string>>;

const NAMES = [
  'wsrep_on',
  'wsrep_provider',
  'wsrep_sync_wait',
  'group_replication_group_name',
  'group_replication_consistency',
  'group_replication_single_primary_mode',
];

/** Checks that every node of a cluster sees a revocation once it is answered; others would still accept revoked tokens. */
export async function clusterFindings(dataSource: DataSource, isProduction: boolean): Promise<Finding[]> {
  if (!isMysql(dataSource)) return [];
  const sql = `SHOW SESSION VARIABLES WHERE Variable_name IN (${marks(NAMES)})`;
  const rows = await onPrimary(dataSource, (manager) =>
    manager.query<Array<{ Variable_name: string; Value: string }>>(sql, NAMES),
  );
  const message = staleReads(Object.fromEntries(rows.map((row) => [row.Variable_name, row.Value])));
  return message === undefined ? [] : [{ check: 'database', message, isFatal: isProduction }];
}

/** The bit of `wsrep_sync_wait` for reads. */
const READS = 1;

/** Returns the finding if a cluster node may read stale data; undefined if it cannot, or is not in a cluster. */
export function staleReads(variables: ClusterVariables): string | undefined {
  const isGalera = variables['wsrep_on'] === 'ON' && !['none', '', undefined].includes(variables['wsrep_provider']);
  const syncWait = Number(variables['wsrep_sync_wait'] ?? 0);
  if (isGalera && (syncWait & READS) === 0) {
    return `wsrep_sync_wait is ${syncWait}, so other nodes of the Galera cluster accept revoked tokens for a while after the 204: set it to 1 for the server or for this account`;
  }
  const consistency = variables['group_replication_consistency'] ?? '';
  if ((variables['group_replication_group_name'] ?? '') === '' || isConsistent(consistency, variables))
    return undefined;
  return `group_replication_consistency is ${consistency}, so another member of the group may accept revoked tokens for a while after the 204: set it to BEFORE or AFTER for the server`;
}

/** With one primary, which serves all reads, only a new primary can lag. @see MySQL, "Transaction consistency guarantees" */
function isConsistent(consistency: string, variables: ClusterVariables): boolean {
  const hasOnePrimary = variables['group_replication_single_primary_mode'] === 'ON';
  if (consistency === 'BEFORE_ON_PRIMARY_FAILOVER') return hasOnePrimary;
  return ['BEFORE', 'AFTER', 'BEFORE_AND_AFTER'].includes(consistency);
}
