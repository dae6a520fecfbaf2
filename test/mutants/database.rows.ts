import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'serialization-failure-is-final',
    file: 'src/module/database/driver-errors.ts',
    replace: "...['40001', '40P01', '40003'],",
    with: "...['40P01', '40003'],",
    kills: { spec: 'test/module/database/driver-errors.conflicts.spec.ts', test: 'a revocation takes effect once' },
    databases: 'all',
  },
  {
    name: 'deadlock-is-final',
    file: 'src/module/database/driver-errors.ts',
    edits: [
      { replace: "...['40001', '40P01', '40003'],", with: "...['40001', '40003']," },
      { replace: '1213, // ER_LOCK_DEADLOCK', with: '' },
    ],
    kills: {
      spec: 'test/module/database/driver-errors.conflicts.spec.ts',
      test: 'a revocation of two users that is chosen as its victim is tried again',
    },
    databases: 'all',
  },
  {
    name: 'migration-conflict-is-final',
    file: 'src/module/database/migrate.ts',
    replace: "type === 'postgres' ? patiently(once, patienceMs) : once()",
    with: 'once()',
    kills: { spec: 'test/module/database/driver-errors.conflicts.spec.ts', test: 'migrate runs each migration once' },
    databases: 'all',
  },
  {
    name: 'joins-a-statement-that-was-sent',
    file: 'src/module/database/batched-read.ts',
    edits: [
      {
        replace: 'private underWay = 0;',
        with: 'private underWay = 0;\n  private readonly sent = new Map<string, Asked<Row>>();',
      },
      { replace: 'this.waiting.get(key);', with: 'this.waiting.get(key) ?? this.sent.get(key);' },
      {
        replace: 'void this.send(this.taken());',
        with: 'const batch = this.taken();\n    for (const [key, one] of batch) this.sent.set(key, one);\n    void this.send(batch);',
      },
      {
        replace: 'await this.answer(batch);',
        with: 'await this.answer(batch);\n    for (const key of batch.keys()) this.sent.delete(key);',
      },
    ],
    kills: {
      spec: 'test/module/oidc-provider/record-store.shared-reads.spec.ts',
      test: 'a check that starts after the commit does not join a statement that the database has answered',
    },
  },
  {
    name: 'error-of-one-key-for-all',
    file: 'src/module/database/batched-read.ts',
    replace: "batch.size > 1 && !isDriverError(error, 'transient')",
    with: "batch.size > 1e9 && !isDriverError(error, 'transient')",
    kills: {
      spec: 'test/module/database/batched-read.spec.ts',
      test: 'an error that one key causes reaches only those who asked for it',
    },
  },
  {
    name: 'slow-statement-holds-up-others',
    file: 'src/module/database/batched-read.ts',
    replace: 'setTimeout(done, SLOW_MS)',
    with: 'setTimeout(() => {}, SLOW_MS)',
    kills: {
      spec: 'test/module/database/batched-read.spec.ts',
      test: 'slow statements hold up others only for a moment',
    },
  },
  {
    name: 'statement-of-any-size',
    file: 'src/module/database/batched-read.ts',
    replace: 'slice(0, KEYS_MAX)',
    with: 'slice(0)',
    kills: { spec: 'test/module/database/batched-read.spec.ts', test: 'a thousand waiting keys leave in their order' },
  },
  {
    name: 'statement-in-the-context-of-a-member',
    file: 'src/module/database/batched-read.ts',
    replace: 'this.outside(() => this.departure.next(() => this.leave()));',
    with: 'this.departure.next(() => this.leave());',
    kills: {
      spec: 'test/module/database/batched-read.spec.ts',
      test: 'the statement runs outside of the contexts of its members',
    },
  },
  {
    name: 'client-shared-between-requests',
    file: 'src/module/caller/clients/typeorm-client-registry.ts',
    replace: 'metadata: copyOf(metadata)',
    with: 'metadata',
    kills: {
      spec: 'test/module/oidc-provider/record-store.shared-reads.spec.ts',
      test: 'changing a client object changes nothing for others who asked at the same time',
    },
  },
  {
    name: 'reads-from-a-query-cache',
    file: 'src/module/database/primary.ts',
    replace: '{ queryResultCache: { value: undefined } }',
    with: '{}',
    kills: { spec: 'test/module/database/primary.query-cache.spec.ts', test: 'every way to read, on the primary' },
  },
  {
    name: 'queue-without-end',
    file: 'src/module/database/deadline.ts',
    replace: 'this.seen.underWay >= this.most',
    with: 'this.seen.underWay > 1e9',
    kills: {
      spec: 'test/module/database/deadline.spec.ts',
      test: 'rejects work over the limit at once, also while abandoned work is still running',
    },
  },
  {
    name: 'requests-kept-while-it-hangs',
    file: 'src/module/database/deadline.ts',
    replace: 'this.seen.underWay >= this.most',
    with: 'this.seen.underWay > 1e9',
    kills: {
      spec: 'test/e2e/hung-database.spec.ts',
      test: 'returns 503 in time for 30 s without growing memory, then recovers without a restart',
    },
    databases: 'all',
  },
  {
    name: 'migrations-without-lock',
    file: 'src/module/database/migrate.ts',
    replace: '(WAYS[type as keyof typeof WAYS] ?? underLock)(runner, patienceMs)',
    with: 'execute(runner)',
    kills: {
      spec: 'test/module/database/migrate.spec.ts',
      test: 'runs each migration once when four processes start at once',
    },
    databases: 'all',
  },
  {
    name: 'reads-on-a-replica',
    file: 'src/module/database/primary.ts',
    replace: "createQueryRunner('master')",
    with: "createQueryRunner('slave')",
    kills: {
      spec: 'test/module/database/primary.replica.spec.ts',
      test: 'rejects a client that is disabled on the primary',
    },
    databases: 'all',
  },
  {
    name: 'target-waits-for-locks',
    file: 'src/module/database/sql-dialect.ts',
    replace: "' FOR UPDATE SKIP LOCKED'",
    with: "' FOR UPDATE'",
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'the revocation skips a locked row, and the sweeper ends it later',
    },
    databases: 'all',
  },
  {
    name: 'left-transaction-stays-open',
    file: 'src/module/database/sqlite-gate.ts',
    replace: `if (leave) abandon(runner);
    leaveClean();`,
    with: '',
    kills: {
      spec: 'test/module/database/sqlite-gate.spec.ts',
      test: 'releasing a runner within a transaction rolls it back and frees the connection',
    },
  },
  {
    name: 'sqlite-begins-late',
    file: 'src/module/database/sqlite-gate.ts',
    replace: "databaseConnection.exec('BEGIN IMMEDIATE')",
    with: "databaseConnection.exec('BEGIN')",
    kills: {
      spec: 'test/module/database/sqlite-gate.spec.ts',
      test: 'a transaction that finds the file locked does not block later work',
    },
  },
  {
    name: 'sqlite-not-gated',
    file: 'src/module/database/sqlite-gate.ts',
    replace: "dataSource.options.type !== 'better-sqlite3' || gated.has(dataSource)",
    with: 'dataSource.options.type',
    kills: {
      spec: 'test/module/database/sqlite-gate.spec.ts',
      test: '50 transactions at once with failures and single inserts succeed or fail independently',
    },
  },
  {
    name: 'ready-by-reading',
    file: 'src/module/database/primary.ts',
    edits: [
      {
        replace: "'INSERT INTO gtr_subject_epoch (subject_hash, epoch, previous) VALUES (?, 0, 0)', key",
        with: "'SELECT 1'",
      },
      { replace: "'DELETE FROM gtr_subject_epoch WHERE subject_hash = ?', key", with: "'SELECT 1'" },
    ],
    kills: { spec: 'test/reference-op/health/health.controller.spec.ts', test: 'no row can be written' },
  },
  {
    name: 'ready-by-writing-nothing',
    file: 'src/module/database/primary.ts',
    replace: 'INSERT INTO gtr_subject_epoch (subject_hash, epoch, previous) VALUES (?, 0, 0)',
    with: 'UPDATE gtr_subject_epoch SET epoch = epoch WHERE subject_hash = ?',
    kills: { spec: 'test/reference-op/health/health.controller.spec.ts', test: 'no row can be written' },
  },
  {
    name: 'tables-of-another-schema',
    file: 'src/module/database/statement.ts',
    replace: "part.startsWith('gtr_') && schema !== ''",
    with: "part.startsWith('gtr_') && schema === '-'",
    kills: {
      spec: 'test/module/startup/database-checks.postgres.spec.ts',
      test: 'the tables can be in a schema of their own',
    },
    databases: 'all',
  },
  {
    name: 'waits-for-the-transaction-around-it',
    file: 'src/module/database/surrounding-transaction.ts',
    replace: 'if (transaction?.isOpen && transaction.driver === driver) throw new InsideTransaction();',
    with: '',
    kills: {
      spec: 'test/module/database/surrounding-transaction.spec.ts',
      test: 'a revocation in dataSource.transaction(): rejected at once on SQLite, and possible elsewhere',
    },
  },
  {
    name: 'beside-a-transaction-is-inside',
    file: 'src/module/database/surrounding-transaction.ts',
    replace: 'surrounding.run({ ...surrounding.getStore() }, () => transaction.apply(manager, args))',
    with: 'transaction.apply(manager, args)',
    kills: {
      spec: 'test/module/database/surrounding-transaction.spec.ts',
      test: 'calls that begin beside an open transaction, in the context that began it, wait for its end',
    },
  },
  {
    name: 'lone-look-ups-wait',
    file: 'src/module/database/departure.ts',
    replace: 'const waits = this.unjoined < UNJOINED || this.unjoined % PROBE === 0;',
    with: 'const waits = true;',
    kills: {
      spec: 'test/module/database/departure.spec.ts',
      test: 'at the end of the turn, until nobody has joined eight of them',
    },
  },
  {
    name: 'nobody-joins-any-more',
    file: 'src/module/database/departure.ts',
    replace: ' || this.unjoined % PROBE === 0',
    with: '',
    kills: {
      spec: 'test/module/database/batched-read.spec.ts',
      test: 'after look-ups that came alone, the next leaves before the turn ends',
    },
  },
  {
    name: 'leaves-before-all-of-a-request',
    file: 'src/module/database/departure.ts',
    replace: 'void resolved.then(leave);',
    with: 'leave();',
    kills: {
      spec: 'test/module/database/batched-read.spec.ts',
      test: 'look-ups of one request share a statement also when they leave before the turn ends',
    },
  },
  {
    name: 'iv-used-again',
    file: 'src/module/database/sealer.ts',
    replace: 'randomFillSync(pool);\n',
    with: '',
    kills: {
      spec: 'test/module/database/sealer.spec.ts',
      test: 'uses each initialization vector once',
    },
  },
];
