import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'sweep-counts-the-used-up',
    file: 'src/module/oidc-provider/record-sweep.ts',
    replace: 'consumedAt === null && (expiresAt === null || expiresAt > revocation.createdAt)',
    with: '(expiresAt === null || expiresAt > revocation.createdAt)',
    kills: { spec: 'test/module/revocation/sweeper.spec.ts', test: 'a token was used up or had expired' },
  },
  {
    name: 'retention-takes-the-incomplete',
    file: 'src/module/revocation/sweep/record-retention.ts',
    replace: '{ createdAt: LessThan(Date.now() - recordRetentionDays * DAY_MS), completedAt: Not(IsNull()) }',
    with: '{ createdAt: LessThan(Date.now() - recordRetentionDays * DAY_MS) }',
    kills: { spec: 'test/module/revocation/record-retention.spec.ts', test: 'younger and incomplete ones stay' },
  },
  {
    name: 'sweep-counts-anew',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: 'revocation.tokens + host.tokens',
    with: 'host.tokens',
    kills: { spec: 'test/module/revocation/target-sweeper.spec.ts', test: 'killed before each second COMMIT' },
  },
  {
    name: 'sweep-in-any-order',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: '.andWhere(`NOT EXISTS ${older.getQuery()}`)',
    with: '',
    kills: {
      spec: 'test/module/revocation/target-sweeper.spec.ts',
      test: 'two revocations between two sweeps, rows with an epoch',
    },
    databases: 'all',
  },
  {
    name: 'sweep-locks-the-index',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    edits: [
      {
        replace: 'import type { DataSource, EntityManager }',
        with: 'import { type DataSource, type EntityManager, IsNull }',
      },
      {
        replace: 'return manager.findOne(Revocation, { where: { id }, ...(!isSqlite && lock) });',
        with: `const all = manager.find(Revocation, { where: { completedAt: IsNull() }, ...(!isSqlite && lock) });
  return all.then((rows) => rows.find((each) => each.id === id) ?? null);`,
      },
    ],
    kills: { spec: 'test/module/revocation/target-sweeper.spec.ts', test: 'a batch is being swept' },
    databases: 'all',
  },
  {
    name: 'sweepers-share-a-record',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: ', ...(!isSqlite && lock) });',
    with: ' });',
    kills: {
      spec: 'test/module/revocation/target-sweeper.spec.ts',
      test: 'two revocations between two sweeps, two sweepers at once',
    },
    databases: 'all',
  },
  {
    name: 'sweep-goes-on-while-stopping',
    file: 'src/module/revocation/sweep/sweeper.ts',
    replace: '!this.isStopping && (await batch()) === BATCH',
    with: '(await batch()) === BATCH',
    kills: { spec: 'test/module/revocation/sweeper.spec.ts', test: 'the server stops while' },
  },
  {
    name: 'sweep-stops-at-a-failure',
    file: 'src/module/revocation/sweep/sweeper.ts',
    replace: `this.revocations.advance(due, graceMs).catch((error: unknown) => {
        failures.push(error);
        return false;
      })`,
    with: 'this.revocations.advance(due, graceMs)',
    kills: { spec: 'test/module/revocation/target-sweeper.spec.ts', test: 'a revocation that cannot be swept' },
  },
];
