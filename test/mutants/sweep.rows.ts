import type { Mutant } from './mutant.js';

const SWEEP = 'test/module/revocation/sweep/revocation-sweep.spec.ts';

export const rows: readonly Mutant[] = [
  {
    name: 'sweep-counts-the-used-up',
    file: 'src/module/oidc-provider/record-sweep.ts',
    replace: 'consumedAt === null && (expiresAt === null || expiresAt > createdAt)',
    with: '(expiresAt === null || expiresAt > createdAt)',
    kills: {
      spec: 'test/module/revocation/sweep/sweeper.spec.ts',
      test: 'does not count tokens used up or expired before the revocation',
    },
  },
  {
    name: 'sweep-deletes-what-a-page-reads',
    file: 'src/module/oidc-provider/record-sweep.ts',
    replace: 'readWhenDead.has(row.kind) && row.expiresAt !== null',
    with: 'false && row.expiresAt !== null',
    kills: {
      spec: 'test/module/revocation/sweep/sweeper.spec.ts',
      test: 'keeps dead sessions and interactions until they expire, and counts them once',
    },
  },
  {
    name: 'sweep-counts-the-kept-again',
    file: 'src/module/oidc-provider/record-sweep.ts',
    replace: '{ epoch: COUNTED }',
    with: '{ epoch: undefined! }',
    kills: {
      spec: 'test/module/revocation/sweep/sweeper.spec.ts',
      test: 'counts more kept rows than fit in a batch once',
    },
  },
  {
    name: 'retention-takes-the-incomplete',
    file: 'src/module/revocation/sweep/record-retention.ts',
    replace: 'completedAt: Not(IsNull()), toNotify: IsNull() }',
    with: 'toNotify: Not(IsNull()) && IsNull() }',
    kills: {
      spec: 'test/module/revocation/sweep/record-retention.spec.ts',
      test: '30 days: deletes older complete records, keeps younger and incomplete ones and every epoch',
    },
  },
  {
    name: 'retention-takes-what-is-to-be-notified',
    file: 'src/module/revocation/sweep/record-retention.ts',
    replace: ', toNotify: IsNull() }',
    with: ' }',
    kills: {
      spec: 'test/module/revocation/sweep/record-retention.spec.ts',
      test: 'keeps a record until its notifications are in the outbox',
    },
  },
  {
    name: 'sweep-skips-what-is-being-moved',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: 'return toNotify !== null;',
    with: 'return toNotify === undefined;',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'a record that is being moved to the outbox is swept as soon as it is free',
    },
    databases: 'all',
  },
  {
    name: 'sweep-counts-anew',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: 'revocation.tokens + host.tokens',
    with: 'host.tokens',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'ends and counts every row once when it is killed before every second COMMIT',
    },
  },
  {
    name: 'sweep-in-any-order',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: 'if (!(await isHeldBack(manager, revocation))) return revocation;',
    with: 'return revocation;',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'counts exactly for each of two revocations in tables with an epoch',
    },
    databases: 'all',
  },
  {
    name: 'sweep-looks-at-one-page',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: 'if (page.length < PAGE) return undefined;',
    with: 'return undefined;',
    kills: { spec: SWEEP, test: 'is the oldest that no earlier one of the same user holds back' },
  },
  {
    name: 'sweep-sorts-its-backlog',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: "? { 'r.completedAt': 'ASC', ...ORDER } : ORDER",
    with: "? ORDER : { 'r.completedAt': 'ASC', ...ORDER }",
    kills: { spec: SWEEP, test: 'is found without reading or sorting a backlog of thousands of users' },
    databases: 'all',
  },
  {
    name: 'sweep-reads-the-whole-backlog',
    file: 'src/module/migrations/core/1-create-core-tables.ts',
    replace: "columnNames: ['subject_hash', 'completed_at', 'epoch_after']",
    with: "columnNames: ['subject']",
    kills: { spec: SWEEP, test: 'is found without reading or sorting a backlog of thousands of users' },
  },
  {
    name: 'sweep-locks-the-index',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    edits: [
      {
        replace: 'manager.findOne(Revocation, { where: { id }, ...forUpdateOfFree(manager) });',
        with: `manager
    .find(Revocation, { where: { completedAt: IsNull() }, ...forUpdateOfFree(manager) })
    .then((rows) => rows.find((each) => each.id === id) ?? null);`,
      },
    ],
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'sweeping a batch blocks neither other users nor new revocations',
    },
    databases: 'all',
  },
  {
    name: 'sweepers-share-a-record',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: ', ...forUpdateOfFree(manager) });',
    with: ' });',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'ends and counts all rows once after two revocations with two sweepers',
    },
    databases: 'all',
  },
  {
    name: 'sweep-goes-on-while-stopping',
    file: 'src/module/revocation/sweep/sweeper.ts',
    replace: '!this.isStopping && (await batch()) === BATCH',
    with: '(await batch()) === BATCH',
    kills: {
      spec: 'test/module/revocation/sweep/sweeper.spec.ts',
      test: 'a stopping server does not wait until all expired rows are deleted',
    },
  },
  {
    name: 'sweep-stops-at-a-failure',
    file: 'src/module/revocation/sweep/sweeper.ts',
    replace: `this.revocations.advance(due, graceMs).catch((error: unknown) => {
        failures.push(error);
        return false;
      })`,
    with: 'this.revocations.advance(due, graceMs)',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'logs a revocation that it cannot sweep and sweeps the others',
    },
  },
];
