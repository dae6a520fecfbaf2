import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'targets-unknown-to-others-lost',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: 'if (more) await manager.update(Revocation, id, { ...more, completedAt: null });',
    with: '',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'finishes what a process with none of its targets has begun and completed',
    },
  },
  {
    name: 'removed-target-holds-back',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: 'targetsLeft: Not(FOREIGN),',
    with: '',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'a table that no process declares any more holds back no later revocation, and is closed by command',
    },
  },
  {
    name: 'target-moment-overwritten',
    file: 'src/module/revocation/targets/ended-values.ts',
    replace: '`${name} = COALESCE(${name}, ?)`',
    with: '`${name} = ?`',
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'rows marked before keep their time and are not counted',
    },
  },
  {
    name: 'target-batch-without-limit',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: '`${select} WHERE ${which.sql} LIMIT ${limit}`',
    with: '`${select} WHERE ${which.sql} LIMIT ${limit * 100}`',
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'one batch ordered by a ULID ends before the answer, the sweeper ends the rest, and later rows stay',
    },
  },
  {
    name: 'target-bound-reads-every-row',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: 'user = this.candidates(subject)',
    with: 'user = this.rowsOf(subject)',
    kills: {
      spec: 'test/module/revocation/targets/targets.cost.spec.ts',
      test: 'no statement reads longer for 100,000 rows than for 1,000',
    },
    databases: 'all',
  },
  {
    name: 'target-dead-or-alive',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: 'parameters: [epoch]',
    with: 'parameters: [epoch + 1e13]',
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'rows with an epoch end before the answer untouched, then the sweeper deletes them',
    },
  },
  {
    name: 'target-keys-as-numbers',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: "table.kindOf(column) === 'integer' ? this.dialect.asText(name) : name",
    with: 'name',
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'ends exactly the right rows when keys beyond 2^53 differ by one',
    },
  },
  {
    name: 'target-later-rows-too',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: '`${this.cutColumn} <= ${mark}`',
    with: '`${mark} IS NOT NULL`',
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'one batch ordered by an auto-increment key ends before the answer, the sweeper ends the rest, and later rows stay',
    },
  },
  {
    name: 'target-locked-rows-forgotten',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: 'rows === found.length && found.length < limit',
    with: 'found.length < limit',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'the revocation skips a locked row, and the sweeper ends it later',
    },
    databases: 'all',
  },
  {
    name: 'target-number-by-conversion',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: '`${this.dialect.bytes(table.sqlColumn(user))} = ?`',
    with: "`? <> ''`",
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'the non-numeric subject "05" touches no row of a numeric user column',
    },
  },
  {
    name: 'target-row-without-epoch-stays',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: '`(${column} <= ? OR ${column} IS NULL)`',
    with: '`${column} <= ?`',
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'rows with an epoch end before the answer untouched, then the sweeper deletes them',
    },
  },
  {
    name: 'target-user-by-collation',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: '`${this.dialect.bytes(table.sqlColumn(user))} = ?`',
    with: "`? <> ''`",
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'a few rows end before the answer, and those of users with similar IDs stay',
    },
    databases: 'all',
  },
  {
    name: 'target-value-not-kept',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: 'if (set) await this.expectSet(manager, these);',
    with: 'if (!this) await this.expectSet(manager, these);',
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'a column that does not keep its new value makes the revocation fail without effect',
    },
  },
  {
    name: 'target-batch-for-each-table',
    file: 'src/module/revocation/targets/revocation-targets.ts',
    replace: 'limit - done.rows',
    with: 'Infinity',
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'several targets share one batch, in their order',
    },
  },
  {
    name: 'target-failure-answered-204',
    file: 'src/module/revocation/targets/revocation-targets.ts',
    replace: 'target.endUpTo(bound, manager, ended, limit)',
    with: 'target.endUpTo(bound, manager, ended, limit).catch(() => ({ rows: 0, isDone: false }))',
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'an error of the table makes the revocation fail without effect',
    },
  },
  {
    name: 'target-of-others-forgotten',
    file: 'src/module/revocation/targets/revocation-targets.ts',
    replace: 'foreign.length > 0',
    with: 'false',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'leaves a revocation in undeclared tables to the nodes that declare them',
    },
  },
  {
    name: 'target-rows-left-are-forgotten',
    file: 'src/module/revocation/targets/revocation-targets.ts',
    replace: 'begun?.targetsLeft !== 0',
    with: 'begun?.targetsLeft === 7',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'sweeps remaining rows at once, and the rest of the record later',
    },
  },
  {
    name: 'target-user-of-another-type',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: 'this.dialect.isStrict && !table.canHold(user, subject)',
    with: 'this.dialect.isStrict && false',
    kills: {
      spec: 'test/module/revocation/targets/host-target.spec.ts',
      test: 'the non-numeric subject "abc" touches no row of a numeric user column',
    },
    databases: 'all',
  },
];
