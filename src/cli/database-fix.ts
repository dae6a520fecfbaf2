import { isDriverError } from 'nestjs-global-revocation';
import { driverError } from 'nestjs-global-revocation/administration';

const SERVE = 'SELECT, INSERT, UPDATE and DELETE';
const MIGRATE = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP and REFERENCES';

/**
 * Returns the fix if the database refuses access, so that retrying is useless; undefined for any other error. For the server,
 * a read-only primary counts as unavailable, because a failover may end it; an operator needs to know the reason.
 */
export function databaseFix(error: unknown): string | undefined {
  if (isDriverError(error, 'readOnly'))
    return 'this database rejects writes: connect to the primary, or turn read_only off';
  if (isDriverError(error, 'unknownAccount')) return 'check the account and its password';
  if (!isDriverError(error, 'denied')) return undefined;
  const isSchema = /^(CREATE|ALTER|INDEX|DROP|REFERENCES) command denied/.test(driverError(error).message ?? '');
  return isSchema
    ? `migrations need an account with more rights than the server's (${MIGRATE}): see docs/operations/production.md`
    : `the account lacks a right: grant it ${SERVE}, see docs/operations/production.md`;
}
