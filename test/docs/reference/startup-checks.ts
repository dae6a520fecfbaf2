import type { Finding } from '../../../src/module/startup/finding.js';
import { table } from '../marks.js';

/** What each check looks at, and what it reports: the compiler misses a check that is forgotten. */
const CHECKS: Readonly<Record<Finding['check'], { looksAt: string; reports: string }>> = {
  versions: {
    looksAt: '`@nestjs/*`, TypeORM, the driver of the `DataSource`, and oidc-provider if its adapter is used',
    reports: 'a version outside of the `peerDependencies` of the module. No other check runs then',
  },
  issuer: {
    looksAt: 'the issuer that started first with these tables',
    reports:
      "another option `issuer`: a revocation would end tokens of the other issuer's users. An issuer on a loopback address gives way. After " +
      'a change of the name, `issuer accept` stores the new one',
  },
  scopes: {
    looksAt: '`userDirectory`, `clientRegistry`, `featureFlagStore`',
    reports: 'a component that is request-scoped, or depends on something that is. No other check runs then',
  },
  entities: {
    looksAt: 'entities of the module in your `DataSource`',
    reports:
      'a missing entity. `Client` and `FeatureFlag` are not needed if you replace what uses them. Also ' +
      "`logoutEnds: 'session'` without the entities of the oidc-provider adapter",
  },
  tables: {
    looksAt: 'tables of the module, of the oidc-provider adapter and of Shared Signals',
    reports:
      'a missing table or column (migrations have not run), an `entityPrefix`, or another collation than `utf8mb4_bin` (only a ' +
      'warning if all have the same one, of `utf8mb4`)',
  },
  users: {
    looksAt: 'the option `users`',
    reports:
      'a missing entity, a property without a column or of a type that never matches (embedded, a relation, JSON, a list, a date), or ' +
      'a column that is not in the table; a `logoutClientId` of an issuer that `users.iss_sub` lacks. Only warnings: an entity that is a view, and that most of the last 100 revocations ' +
      'were of users who never signed in under the revoked account id',
  },
  targets: {
    looksAt: 'the option `targets`',
    reports:
      'an option that does not fit its entity, a missing table or column, a `userColumn` that can hold no account id (only a warning if it ' +
      'can hold some of them). Only warnings: a missing index, a key without ' +
      'AUTOINCREMENT (SQLite), an `orderColumn` of whole seconds, `sweepIntervalMs: 0`, and a table that only other processes declare',
  },
  database: {
    looksAt:
      'MySQL and MariaDB: `autocommit`, `read_only`, `sql_mode`, the character set of the connection, `wsrep_sync_wait`, ' +
      '`group_replication_consistency`. PostgreSQL: whether it is a standby or read-only, its encoding, and PgBouncer in front of it',
    reports:
      '`autocommit` off, because a pooled connection would keep an old snapshot; a replica; `NO_BACKSLASH_ESCAPES`; a connection ' +
      'that is not in `utf8mb4`; a standby; another encoding than UTF8; `pool_mode = statement`. In production an error, ' +
      'otherwise a warning: a node of a cluster that reads before it has what another node committed',
  },
  durability: {
    looksAt:
      '`innodb_flush_log_at_trx_commit`, `synchronous_commit` and `fsync` of PostgreSQL, and `synchronous` of SQLite',
    reports: 'a database that can lose committed transactions in a crash. An error in production, otherwise a warning',
  },
  path: {
    looksAt: 'the path of the endpoint, and `logoutPath`',
    reports:
      'a `logoutPath` that is the path of the endpoint or of status lists, `forRoot` called twice for one path, a path or a global prefix with a ' +
      'parameter, a character that a path cannot have',
  },
  metadata: {
    looksAt: 'the option `metadata` and the routes of the application',
    reports: 'a route of the application at the path of a document that the module serves',
  },
  guards: {
    looksAt: 'global guards',
    reports: 'only a warning: a `ThrottlerGuard` that limits calls of the endpoint (`SkipThrottle` is missing)',
  },
};

/** A row for each check. */
export const checksTable = (): string =>
  table(
    ['check', 'looks at', 'reports'],
    Object.entries(CHECKS).map(([name, { looksAt, reports }]) => [`\`${name}\``, looksAt, reports]),
  );
