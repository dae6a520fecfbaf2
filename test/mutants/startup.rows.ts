import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'start-on-unsupported-versions',
    file: 'src/module/startup/start-checks.ts',
    replace: 'if (versions.length > 0) return versions;',
    with: '',
    kills: { spec: 'test/module/startup/versions.spec.ts', test: 'typeorm 0.3.19 prevents startup' },
  },
  {
    name: 'start-with-ids-that-no-row-holds',
    file: 'src/module/startup/target-id-checks.ts',
    replace: 'if (unfit === 0) return [];',
    with: 'if (unfit >= 0) return [];',
    kills: {
      spec: 'test/module/startup/target-ids.spec.ts',
      test: 'UUIDs in a column of numbers prevent startup',
    },
  },
  {
    name: 'columns-that-match-nobody',
    file: 'src/module/startup/user-checks.ts',
    replace: 'if (unknown.length === 0 && unfit.length > 0) return unfit;',
    with: '',
    kills: {
      spec: 'test/module/startup/user-columns.spec.ts',
      test: 'prevents startup, and the message names the fix',
    },
  },
  {
    name: 'escapes-that-do-not-hold',
    file: 'src/module/startup/charset-checks.ts',
    replace: "if (mode.split(',').includes('NO_BACKSLASH_ESCAPES')) {",
    with: 'if (mode.length === -1) {',
    kills: {
      spec: 'test/module/startup/mariadb.spec.ts',
      test: 'NO_BACKSLASH_ESCAPES prevents startup with production true',
    },
    databases: 'all',
  },
  {
    name: 'collations-of-the-database',
    file: 'src/module/migrations/columns.ts',
    replace: 'Object.assign(column, CHARSET)',
    with: 'Object.assign(column, {})',
    kills: { spec: 'test/module/startup/charsets.spec.ts', test: 'a database in latin1' },
    databases: 'all',
  },
  {
    name: 'start-on-a-stale-galera-node',
    file: 'src/module/startup/cluster-checks.ts',
    replace: '(syncWait & READS) === 0',
    with: 'syncWait < 0',
    kills: { spec: 'test/module/startup/cluster.spec.ts', test: 'not when wsrep_sync_wait is 0' },
  },
  {
    name: 'start-in-a-stale-group',
    file: 'src/module/startup/cluster-checks.ts',
    replace: "['BEFORE', 'AFTER', 'BEFORE_AND_AFTER'].includes(consistency)",
    with: "consistency !== ''",
    kills: { spec: 'test/module/startup/cluster.spec.ts', test: 'not when group_replication_consistency is EVENTUAL' },
  },
  {
    name: 'clusters-not-checked',
    file: 'src/module/startup/start-checks.ts',
    replace: '...(await clusterFindings(this.dataSource, production)),',
    with: '',
    kills: { spec: 'test/module/startup/cluster.spec.ts', test: 'with the default settings warns' },
    databases: 'all',
  },
  {
    name: 'start-forgetful-mariadb',
    file: 'src/module/startup/database-checks.ts',
    replace: 'Number(flush) !== 1',
    with: 'Number(flush) === 0',
    kills: { spec: 'test/module/startup/mariadb.spec.ts', test: 'innodb_flush_log_at_trx_commit = 2' },
    databases: 'all',
  },
  {
    name: 'start-forgetful-sqlite',
    file: 'src/module/startup/database-checks.ts',
    replace: 'row.synchronous >= 2',
    with: 'row.synchronous >= 0',
    kills: {
      spec: 'test/module/startup/start-checks.spec.ts',
      test: 'SQLite without durability in production prevents startup, and the message contains the fix',
    },
  },
  {
    name: 'start-on-a-replica',
    file: 'src/module/startup/database-checks.ts',
    replace: 'isOn(readOnly)',
    with: "readOnly === 'yes'",
    kills: { spec: 'test/module/startup/mariadb.spec.ts', test: 'a read-only replica prevents startup' },
    databases: 'all',
  },
  {
    name: 'start-without-autocommit',
    file: 'src/module/startup/database-checks.ts',
    replace: '!isOn(autocommit)',
    with: "autocommit === 'no'",
    kills: { spec: 'test/module/startup/mariadb.spec.ts', test: 'disabled autocommit prevents startup' },
    databases: 'all',
  },
  {
    name: 'start-with-two-of-us',
    file: 'src/module/startup/endpoint-checks.ts',
    replace: 'if (declarations > 1) {',
    with: 'if (declarations > 2) {',
    kills: {
      spec: 'test/module/startup/start-checks.spec.ts',
      test: 'a second call of forRoot prevents startup, and the message contains the fix',
    },
  },
  {
    name: 'start-entities-not-asked',
    file: 'src/module/startup/entity-checks.ts',
    replace: 'missing.length === 0',
    with: 'missing.length >= 0',
    kills: {
      spec: 'test/module/startup/start-checks.spec.ts',
      test: 'a missing entity prevents startup, and the message contains the fix',
    },
  },
  {
    name: 'start-tables-not-read',
    file: 'src/module/startup/entity-checks.ts',
    replace: `return fatal('tables', message);
  }
}`,
    with: `void message;
    return undefined;
  }
}`,
    kills: {
      spec: 'test/module/startup/start-checks.spec.ts',
      test: 'a missing table of the module prevents startup, and the message contains the fix',
    },
  },
  {
    name: 'start-production-not-known',
    file: 'src/module/options/startup.options.ts',
    replace: "process.env['NODE_ENV'] === 'production'",
    with: "process.env['NODE_ENV'] === 'PRODUCTION'",
    kills: {
      spec: 'test/module/startup/start-checks.spec.ts',
      test: 'is in production when NODE_ENV says so and the options do not',
    },
  },
  {
    name: 'start-with-options-of-a-request',
    file: 'src/module/startup/scope-checks.ts',
    replace: 'if (scope === Scope.REQUEST) throw new Error(OPTIONS_OF_A_REQUEST);',
    with: 'if (scope === Scope.TRANSIENT) throw new Error(OPTIONS_OF_A_REQUEST);',
    kills: {
      spec: 'test/module/global-revocation.module-definition.spec.ts',
      test: 'useClass that depends on a request-scoped provider prevents startup',
    },
  },
  {
    name: 'start-with-ports-of-a-request',
    file: 'src/module/startup/scope-checks.ts',
    replace: 'modules.introspect(port as unknown as Type).scope === Scope.REQUEST',
    with: 'modules.introspect(port as unknown as Type).scope === Scope.TRANSIENT',
    kills: {
      spec: 'test/module/startup/start-checks.spec.ts',
      test: 'a client registry with a request-scoped dependency prevents startup, and the message contains the fix',
    },
  },
  {
    name: 'start-never-refused',
    file: 'src/module/startup/start-checks.ts',
    replace: "startChecks === 'refuse'",
    with: "startChecks !== 'refuse'",
    kills: {
      spec: 'test/module/startup/start-checks.spec.ts',
      test: 'no entity of the module prevents startup, and the message contains the fix',
    },
  },
  {
    name: 'start-target-options-not-told',
    file: 'src/module/startup/start-checks.ts',
    replace: "...this.targets.findings.map(({ message }) => fatal('targets', message)),",
    with: '',
    kills: {
      spec: 'test/module/startup/start-checks.spec.ts',
      test: 'invalid targets without tables prevents startup, and the message contains the fix',
    },
  },
  {
    name: 'start-targets-not-looked-at',
    file: 'src/module/startup/target-checks.ts',
    replace: 'findings.flat()',
    with: 'findings.slice(0, 0).flat()',
    kills: {
      spec: 'test/module/revocation/target-options.spec.ts',
      test: 'a missing table or column prevents startup and is explained',
    },
  },
  {
    name: 'start-users-not-checked',
    file: 'src/module/startup/user-checks.ts',
    replace: '!metadata.findColumnWithPropertyPath(property)',
    with: "property === ''",
    kills: { spec: 'test/module/startup/start-checks.spec.ts', test: 'users.attributes' },
  },
  {
    name: 'start-on-a-standby',
    file: 'src/module/startup/database-checks.ts',
    replace: 'if (isStandby) {',
    with: 'if (isStandby && false) {',
    kills: { spec: 'test/module/startup/postgres.spec.ts', test: 'a standby prevents startup' },
    databases: 'all',
  },
  {
    name: 'start-with-commits-that-can-be-lost',
    file: 'src/module/startup/database-checks.ts',
    replace: "commit === 'off' || fsync === 'off'",
    with: "fsync === 'off'",
    kills: {
      spec: 'test/module/startup/postgres.spec.ts',
      test: 'synchronous_commit = off prevents startup in production',
    },
    databases: 'all',
  },
  {
    name: 'start-behind-a-pooler-of-statements',
    file: 'src/module/startup/database-checks.ts',
    replace: '...(await poolerFindings(dataSource))',
    with: '...(await poolerFindings(dataSource)).slice(0, 0)',
    kills: { spec: 'test/module/startup/postgres.spec.ts', test: 'pool_mode = statement' },
    databases: 'all',
  },
  {
    name: 'start-on-tables-of-another-issuer',
    file: 'src/module/startup/issuer-checks.ts',
    replace: "stored === '' || stored === issuer || LOOPBACK.test(stored)",
    with: "stored !== ''",
    kills: { spec: 'test/module/startup/issuer.spec.ts', test: 'a second issuer on the same tables cannot start' },
  },
  {
    name: 'start-takes-tables-of-another-issuer',
    file: 'src/module/startup/issuer-checks.ts',
    replace: "stored !== undefined && LOOPBACK.test(stored) ? stored : ''",
    with: "stored ?? ''",
    kills: {
      spec: 'test/module/startup/issuer.spec.ts',
      test: 'a start that another issuer has overtaken replaces nothing',
    },
  },
  {
    name: 'issuer-of-development-by-its-beginning',
    file: 'src/module/startup/issuer-checks.ts',
    replace: String.raw`\[::1\])(:\d+)?(\/|$)/`,
    with: String.raw`\[::1\])/`,
    kills: {
      spec: 'test/module/startup/issuer.spec.ts',
      test: 'http://localhost.example.com is no issuer of development',
    },
  },
  {
    name: 'issuers-that-start-at-once-both-start',
    file: 'src/module/startup/issuer-checks.ts',
    replace: "SET issuer = ? WHERE id = 1 AND issuer = ?', [issuer, replaced]",
    with: "SET issuer = ? WHERE id = 1', [issuer]",
    kills: {
      spec: 'test/module/startup/issuer.spec.ts',
      test: 'a start that another issuer has overtaken replaces nothing',
    },
  },
];
