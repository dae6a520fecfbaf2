import { driverError } from 'nestjs-global-revocation/administration';

/** ER_OPTION_PREVENTS_STATEMENT, ER_READ_ONLY_MODE. */
const READ_ONLY = new Set([1290, 1836]);
/** ER_DBACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR. */
const DENIED = new Set([1044, 1142]);
/** ER_ACCESS_DENIED_ERROR, MariaDB's ER_ACCESS_DENIED_NO_PASSWORD_ERROR. */
const UNKNOWN_ACCOUNT = new Set([1045, 1698]);

const SERVE = 'SELECT, INSERT, UPDATE and DELETE';
const MIGRATE = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP and REFERENCES';

/**
 * What to do about a database that answers and refuses, which waiting does not mend; undefined for any other fault. To the
 * server a primary that has turned read-only passes; whoever sits at the terminal has to know.
 */
export function databaseFix(error: unknown): string | undefined {
  const { errno = 0, message = '' } = driverError(error);
  if (READ_ONLY.has(errno)) return 'writes are refused here: connect to the primary, or lift read_only';
  if (UNKNOWN_ACCOUNT.has(errno)) return 'see that the account and its password are those of this database';
  if (!DENIED.has(errno)) return undefined;
  const isSchema = /^(CREATE|ALTER|INDEX|DROP|REFERENCES) command denied/.test(message);
  return isSchema
    ? `migrations need an account with more rights than the server's (${MIGRATE}): see docs/operations/production.md`
    : `the account lacks a right: grant it ${SERVE}, see docs/operations/production.md`;
}
